// From what a savepoint says of serializers to types that read the values, without the program's declarations.
import type { SerializerLookup } from '../api/savepoint.ts';
import type { OptionalEntry, PojoSnapshot, SerializerSnapshot } from '../api/serializer-snapshot.ts';
import type { TypeInformation } from '../api/type-information.ts';
import { structOf } from '../bytes/struct-type.ts';
import { Types } from '../bytes/types.ts';
import { UnknownSerializerError } from '../errors.ts';
import { declaredPojo } from './declared-pojo.ts';
import { type AnyType, compositeTypeOf, simpleTypeOf } from './known-types.ts';
import { type PojoField, pojoType } from './pojo-type.ts';
import { readVersionedSnapshot } from './read-serializer-snapshot.ts';
import { SavepointInput } from './savepoint-input.ts';
import { serializerIdOf } from './serializer-id.ts';
import type { SnapshotForm, SnapshotForms } from './snapshot-classes.ts';

/** How the snapshot of a program's own serializer is laid out, and which type reads its values. */
export interface SerializerMapping {
  readonly form: SnapshotForm;
  /** @param parts - the types of the nested serializers, of a composite. */
  type(parts: readonly AnyType[]): AnyType;
}

// How deep types may be within each other: as deep as they are read.
const MAX_DEPTH = 64;

const OWN_TYPES: ReadonlyMap<string, AnyType> = new Map(
  [Types.JSON(), Types.MSGPACK(), Types.STRUCTURED()].map((type) => [type.serializer.id, type]),
);

// How many upgrades a value has gone through, behind the id of its format.
const VERSION = /\[\d+\]$/;

/** The types of a savepoint: those that are known, and those that a program adds for its own Java classes. */
export class SavepointTypes implements SerializerLookup {
  readonly #types = new Map<string, AnyType>();
  readonly #mappings = new Map<string, SerializerMapping>();
  readonly #forms = new Map<string, SnapshotForm>();

  /**
   * Values of a Java class as plain objects, with the bytes of Flink's PojoSerializer: to declare state that Flink wrote, or
   * is to go on with. A savepoint tells the same of its Pojos.
   *
   * @param className - of the values, with `$` before a nested one.
   * @param fields - by name, all of them. Any may be null.
   *
   * @example
   * ```ts
   * const PERSON = SavepointTypes.pojo('com.example.Person', { name: Types.STRING, age: Types.INT });
   * const person = keyed.getState(new ValueStateDescriptor('person', PERSON));
   * ```
   */
  static pojo<F extends Readonly<Record<string, unknown>>>(
    className: string,
    fields: { readonly [N in keyof F]: TypeInformation<F[N]> },
  ): TypeInformation<{ readonly [N in keyof F]: F[N] | null } | null> {
    const types = fields as Readonly<Record<string, TypeInformation<unknown>>>;
    return declaredPojo(className, types) as TypeInformation<{ readonly [N in keyof F]: F[N] | null } | null>;
  }

  /** How snapshots of the program's own serializers are laid out: what readers of headers take. */
  get forms(): SnapshotForms {
    return this.#forms;
  }

  /**
   * Reads values of a Java class as a type, whatever its serializer: a Pojo, an enum, what Kryo writes; or values of one of
   * rockstate's own serializers, by its id.
   *
   * @param className - the class of the values, with `$` before a nested one; or the id of a serializer.
   */
  registerType<T>(className: string, type: TypeInformation<T>): this {
    this.#types.set(className, type as AnyType);
    return this;
  }

  /**
   * Reads values of a program's own Java serializer.
   *
   * @param snapshotClass - the class of its snapshot, with `$` before a nested one: what an `UnknownSerializerError` names.
   */
  registerSerializer(snapshotClass: string, mapping: SerializerMapping): this {
    this.#mappings.set(snapshotClass, mapping);
    this.#forms.set(snapshotClass, mapping.form);
    return this;
  }

  /**
   * The type that reads what a serializer wrote. Its own snapshot is the one given, so that it can be written again as it was.
   *
   * @param stateName - for the message.
   * @throws UnknownSerializerError when none does, which names the class and the state.
   */
  typeOf(snapshot: SerializerSnapshot, stateName?: string): AnyType {
    return this.#typeOf(snapshot, { stateName, depth: 0 });
  }

  /** The id of the serializer of {@link typeOf}'s type: what states are compared by. There is one also for unknown classes. */
  idOf(snapshot: SerializerSnapshot): string {
    return serializerIdOf(snapshot, (each) => this.#types.get(valueClassOf(each))?.serializer.id);
  }

  #typeOf(snapshot: SerializerSnapshot, place: Place): AnyType {
    if (place.depth > MAX_DEPTH) {
      throw unknown(place, snapshot.className, `is nested more than ${MAX_DEPTH} deep`);
    }
    const type = this.#make(snapshot, deeper(place));
    // `LIST(X)` and the like know the snapshots of their own making; the savepoint's may differ in version.
    return { ...type, serializer: { ...type.serializer, id: this.idOf(snapshot), snapshot } };
  }

  #make(snapshot: SerializerSnapshot, place: Place): AnyType {
    const { className } = snapshot;
    const given = this.#types.get(valueClassOf(snapshot));
    if (given !== undefined) {
      return given;
    }
    const mapping = this.#mappings.get(className);
    if (mapping !== undefined) {
      return mapping.type(snapshot.kind === 'composite' ? this.#typesOf(snapshot.nested, place) : []);
    }
    switch (snapshot.kind) {
      case 'simple':
        return simpleTypeOf(className) ?? fail(place, className);
      case 'composite': {
        const parts = this.#typesOf(snapshot.nested, place);
        return made(() => compositeTypeOf(snapshot, parts), { className, place });
      }
      case 'enum':
        return made(() => Types.ENUM_OF(snapshot.enumClass, ...snapshot.names) as AnyType, { className, place });
      case 'pojo':
        return this.#pojo(snapshot, place) as AnyType;
      case 'kryo':
        throw unknown(
          place,
          snapshot.typeClass,
          'is written by Kryo, which only the Java class can read; register a type for it that reads the bytes, or let ' +
            'the Java program change the type of the state first',
        );
      case 'generic':
        return fail(place, snapshot.typeClass);
      case 'struct': {
        const parts = this.#typesOf(snapshot.nested, place);
        const fields = snapshot.names.map((name, index) => [name, parts[index] as AnyType] as const);
        return made(() => structOf(fields) as AnyType, { className, place });
      }
      case 'own':
        return OWN_TYPES.get(snapshot.id.replace(VERSION, '')) ?? fail(place, snapshot.id);
    }
  }

  #typesOf(snapshots: readonly SerializerSnapshot[], place: Place): AnyType[] {
    return snapshots.map((snapshot) => this.#typeOf(snapshot, place));
  }

  #pojo({ pojoClass, fields, registeredSubclasses, otherSubclasses }: PojoSnapshot, place: Place): unknown {
    const subclass = (entry: OptionalEntry) => once(() => this.#typeOfEntry(entry, { owner: pojoClass, place }));
    return pojoType({
      pojoClass,
      fields: fields.map(
        (entry): PojoField => ({ name: entry.name, type: this.#typeOfEntry(entry, { owner: pojoClass, place }) }),
      ),
      registered: registeredSubclasses.map(subclass),
      others: new Map(otherSubclasses.map((entry) => [entry.name, subclass(entry)])),
    });
  }

  #typeOfEntry({ name, value }: OptionalEntry, { owner, place }: { owner: string; place: Place }): AnyType {
    const what = `${owner}, '${name}'`;
    if (value === undefined) {
      throw unknown(place, what, 'has no serializer in the savepoint, as its class was lost');
    }
    const input = new SavepointInput(value, `the snapshot of ${what}`);
    input.stateName = place.stateName;
    return this.#typeOf(readVersionedSnapshot(input, this.#forms), place);
  }
}

interface Place {
  readonly stateName: string | undefined;
  readonly depth: number;
}

function deeper(place: Place): Place {
  return { ...place, depth: place.depth + 1 };
}

// What a program names to say how values are read.
function valueClassOf(snapshot: SerializerSnapshot): string {
  switch (snapshot.kind) {
    case 'pojo':
      return snapshot.pojoClass;
    case 'kryo':
    case 'generic':
      return snapshot.typeClass;
    case 'enum':
      return snapshot.enumClass;
    case 'own':
      return snapshot.id;
    default:
      return '';
  }
}

// What can't be made of the parts that a damaged savepoint has, is not known.
function made(
  make: () => AnyType | undefined,
  { className, place }: { readonly className: string; readonly place: Place },
): AnyType {
  let type: AnyType | undefined;
  try {
    type = make();
  } catch (cause) {
    throw unknown(place, className, `does not fit what it is made of: ${(cause as Error).message}`);
  }
  return type ?? fail(place, className);
}

function once(make: () => AnyType): () => AnyType {
  let type: AnyType | undefined;
  return () => {
    type ??= make();
    return type;
  };
}

function fail(place: Place, className: string): never {
  throw unknown(place, className, 'is not known; register a type or serializer for it');
}

function unknown({ stateName }: Place, className: string, reason: string): UnknownSerializerError {
  const owner = stateName === undefined ? '' : ` of state '${stateName}'`;
  return new UnknownSerializerError(`${className}${owner} ${reason}.`, { stateName, className });
}
