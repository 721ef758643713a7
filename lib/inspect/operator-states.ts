// Reads the state of an operator that is not keyed: lists, each subtask's or all, and broadcast state.
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { OperatorStatePart, ReadableOperatorState } from '../api/stored-state.ts';
import { UnknownSerializerError } from '../errors.ts';
import type { OperatorHandle } from '../savepoint/handles.ts';
import type { AnyType } from '../savepoint/known-types.ts';
import { nativeSnappy } from '../savepoint/native-snappy.ts';
import { type OperatorStateStream, readBroadcastEntries, readListElements } from '../savepoint/operator-state.ts';
import { type OperatorStateHeader, readOperatorStateHeader } from '../savepoint/operator-state-header.ts';
import { SavepointInput } from '../savepoint/savepoint-input.ts';
import type { SavepointTypes } from '../savepoint/savepoint-types.ts';
import type { StateDescription } from '../savepoint/state-description.ts';
import type { ByteSource } from './byte-source.ts';
import { nameOfType } from './state-types.ts';

/** The operator state of one subtask, which is read whole. */
export class OperatorStateStreamPart {
  readonly subtask: number;
  readonly #handle: OperatorHandle;
  readonly #bytes: ByteSource;
  readonly #types: SavepointTypes;

  constructor(
    place: { readonly subtask: number; readonly handle: OperatorHandle },
    bytes: ByteSource,
    types: SavepointTypes,
  ) {
    this.subtask = place.subtask;
    this.#handle = place.handle;
    this.#bytes = bytes;
    this.#types = types;
  }

  get sizeBytes(): number {
    return this.#bytes.sizeBytes;
  }

  /** @throws SavepointFormatError or UnknownSerializerError when it can't be read. */
  async states(): Promise<ReadableOperatorState[]> {
    const { header } = await this.#open();
    return [...header.lists, ...header.broadcasts].map((state) => this.#describe(state));
  }

  /** Undefined when this subtask has no such state. */
  async elementsOf(name: string): Promise<OperatorStatePart | undefined> {
    const offsets = this.#handle.states.find((state) => state.name === name);
    if (offsets === undefined) {
      return undefined;
    }
    const { header, stream } = await this.#open();
    const { mode } = offsets;
    const typeOf = (snapshot: SerializerSnapshot | undefined) => this.#typeOf(snapshot, name).serializer;
    const list = header.lists.find((state) => state.name === name);
    if (list !== undefined) {
      const elements = readListElements(stream, offsets, typeOf(list.serializers.VALUE_SERIALIZER));
      return { subtask: this.subtask, mode, elements };
    }
    const broadcast = header.broadcasts.find((state) => state.name === name);
    const { KEY_SERIALIZER: key, VALUE_SERIALIZER: value } = broadcast?.serializers ?? {};
    const entries = broadcast && readBroadcastEntries(stream, offsets, { key: typeOf(key), value: typeOf(value) });
    return entries && { subtask: this.subtask, mode, elements: [...entries] };
  }

  async #open(): Promise<{ readonly header: OperatorStateHeader; readonly stream: OperatorStateStream }> {
    const bytes = await this.#bytes.read(0, this.#bytes.sizeBytes);
    const source = this.#bytes.name;
    const header = readOperatorStateHeader(new SavepointInput(bytes, source), this.#types.forms);
    const { states } = this.#handle;
    return { header, stream: { bytes, source, states, ...(header.compressed && { codec: nativeSnappy }) } };
  }

  #describe({ name, backendType, serializers }: StateDescription): ReadableOperatorState {
    const { KEY_SERIALIZER: key, VALUE_SERIALIZER: value } = serializers;
    const mode =
      this.#handle.states.find((state) => state.name === name)?.mode ??
      (backendType === 'BROADCAST' ? 'BROADCAST' : 'SPLIT_DISTRIBUTE');
    const nameOf = (snapshot: SerializerSnapshot | undefined) =>
      snapshot === undefined ? '?' : nameOfType(snapshot, this.#types);
    const described = {
      ...{ name, mode, valueType: nameOf(value) },
      ...(mode === 'BROADCAST' && { keyType: nameOf(key) }),
    };
    try {
      for (const snapshot of mode === 'BROADCAST' ? [key, value] : [value]) {
        this.#typeOf(snapshot, name);
      }
      return described;
    } catch (error) {
      return { ...described, problem: error as Error };
    }
  }

  #typeOf(snapshot: SerializerSnapshot | undefined, stateName: string): AnyType {
    if (snapshot === undefined) {
      const message = `State '${stateName}' in ${this.#bytes.name} does not say which serializer wrote it.`;
      throw new UnknownSerializerError(message, { stateName, className: '?' });
    }
    return this.#types.typeOf(snapshot, stateName);
  }
}
