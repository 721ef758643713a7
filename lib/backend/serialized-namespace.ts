// Namespaces with the serializers of their types.
import type { NamespaceOptions } from '../api/backend.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { voidNamespaceSerializer } from '../bytes/void-namespace-serializer.ts';
import { describe, typeError } from '../errors.ts';

/** A namespace with the serializer of its type. */
export interface SerializedNamespace<N> {
  readonly namespace: N;
  readonly serializer: TypeSerializer<N>;
}

/** That of states without one. */
export const VOID_NAMESPACE: SerializedNamespace<never> = {
  namespace: undefined as never,
  serializer: voidNamespaceSerializer as TypeSerializer<never>,
};

/** @throws TypeError `ERR_INVALID_NAMESPACE` without a namespace or its type. */
export function checkNamespace<N>(options: NamespaceOptions<N>): SerializedNamespace<N> {
  const namespace = options?.namespace;
  const serializer = options?.namespaceType?.serializer;
  if (namespace === undefined || namespace === null || serializer === undefined) {
    throw typeError(
      'ERR_INVALID_NAMESPACE',
      `A namespace and its type are needed; received ${describe(namespace)} and ${describe(options?.namespaceType)}.`,
    );
  }
  return { namespace, serializer };
}
