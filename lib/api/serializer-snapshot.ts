// What Flink stores of a serializer beside the state that it wrote, as plain data.

/** What every description of a serializer has: the Java class that reads it, and the version of its format. */
export interface SnapshotClass {
  /** The binary name of the Java class, with `$` before nested ones. */
  readonly className: string;
  readonly version: number;
}

/** A serializer without settings. */
export interface SimpleSnapshot extends SnapshotClass {
  readonly kind: 'simple';
  /** Only in version 2, of Flink 1.7. */
  readonly serializerClass?: string;
}

/** A serializer that is made of others. */
export interface CompositeSnapshot extends SnapshotClass {
  readonly kind: 'composite';
  /** The version of what the class itself adds, which is `outer`. */
  readonly outerVersion: number;
  /** The class of a tuple or of an array's elements; the padding of a null value; whether rows have a kind. */
  readonly outer?: string | number | boolean;
  readonly nested: readonly SerializerSnapshot[];
}

/** A serializer of a Java enum: its constants in the order of their numbers. */
export interface EnumSnapshot extends SnapshotClass {
  readonly kind: 'enum';
  readonly enumClass: string;
  readonly names: readonly string[];
}

/** A serializer of one Java class, of which nothing else is stored: of a `Value`, for example. */
export interface GenericSnapshot extends SnapshotClass {
  readonly kind: 'generic';
  readonly typeClass: string;
}

/** An entry of a map in which keys and values may be missing, because their classes could not be loaded. */
export interface OptionalEntry {
  readonly name: string;
  /** The key's own bytes. */
  readonly key?: Uint8Array;
  /** The value's own bytes. */
  readonly value?: Uint8Array;
}

/** A serializer of a Java class by its fields. */
export interface PojoSnapshot extends SnapshotClass {
  readonly kind: 'pojo';
  readonly pojoClass: string;
  /** Name, where it is declared, and the bytes of its serializer's snapshot; in the order in which they are written. */
  readonly fields: readonly OptionalEntry[];
  /** In the order of their numbers. */
  readonly registeredSubclasses: readonly OptionalEntry[];
  readonly otherSubclasses: readonly OptionalEntry[];
}

/** Kryo: what it writes can't be read without the Java class. */
export interface KryoSnapshot extends SnapshotClass {
  readonly kind: 'kryo';
  readonly typeClass: string;
  /** Registered classes, default serializers, and classes of default serializers. */
  readonly registrations: readonly [readonly OptionalEntry[], readonly OptionalEntry[], readonly OptionalEntry[]];
}

/** A serializer of plain objects by their fields, which is rockstate's own. */
export interface StructSnapshot extends SnapshotClass {
  readonly kind: 'struct';
  /** Of the fields, in the order in which they are written. */
  readonly names: readonly string[];
  /** The serializers of the fields, in the same order. */
  readonly nested: readonly SerializerSnapshot[];
}

/** A serializer that Flink does not have: rockstate's own formats, and those of programs. */
export interface OwnSnapshot extends SnapshotClass {
  readonly kind: 'own';
  /** The serializer's `id`. */
  readonly id: string;
}

/** What Flink stores of a serializer: the class that reads it, its version, and what that class writes. */
export type SerializerSnapshot =
  | SimpleSnapshot
  | CompositeSnapshot
  | EnumSnapshot
  | GenericSnapshot
  | PojoSnapshot
  | KryoSnapshot
  | StructSnapshot
  | OwnSnapshot;

/** What a composite snapshot adds to its nested ones. */
export type OuterPart = 'none' | 'class' | 'padding' | 'row-kind';

/** How a snapshot is laid out behind its class name and version. */
export type SnapshotForm =
  | { readonly kind: 'simple' | 'enum' | 'generic' | 'pojo' | 'kryo' | 'ttl-aware' | 'struct' | 'own' }
  | { readonly kind: 'composite'; readonly outer: OuterPart };

/** Layouts by the names of classes: those of programs, beside the known ones. */
export type SnapshotForms = ReadonlyMap<string, SnapshotForm>;
