// Whether what one serializer wrote can be used with another: what comes of comparing a stored snapshot with a new serializer.
import type { DataInputView, TypeSerializer } from './type-information.ts';

/** The bytes are those of the new serializer. */
export interface CompatibleAsIs {
  readonly kind: 'as-is';
}

/** The bytes are those of another serializer of the same values, which is used instead. */
export interface CompatibleReconfigured<T> {
  readonly kind: 'reconfigured';
  readonly serializer: TypeSerializer<T>;
}

/** What is stored has to be written again. */
export interface CompatibleAfterMigration<T> {
  readonly kind: 'after-migration';
  /** Reads stored bytes as values of the new type. @throws SerializationError when there is no such value. */
  readonly reader: { deserialize(input: DataInputView): T };
  /**
   * How the stored bytes become new ones, as `bytes/layout-change.ts` describes it, where that can be told without
   * JavaScript: state is then rewritten off the JS thread.
   */
  readonly change?: string;
}

/** What is stored can't be used. */
export interface Incompatible {
  readonly kind: 'incompatible';
  /** What does not fit, and where: as in "field 'age': INT can not become STRING". */
  readonly reason: string;
}

/** The outcomes of comparing what is stored with a new serializer, as Flink names them. */
export type SchemaCompatibility<T> =
  | CompatibleAsIs
  | CompatibleReconfigured<T>
  | CompatibleAfterMigration<T>
  | Incompatible;
