// What is stored, and as what it is declared afterwards.
import { isDeepStrictEqual } from 'node:util';
import { StateTtlConfig, type TypeInformation, Types, ValueStateDescriptor } from '../../lib/index.ts';

export const STATE = 'state';
/** Nothing expires while this runs. */
const TTL = '10 d';

/** What stored values become. */
export interface Change {
  readonly name: string;
  readonly declared: ValueStateDescriptor<unknown>;
  readonly valueFor: (key: number) => unknown;
}

/** Stored values; all changes begin with the same. */
export interface StoredValues {
  readonly name: string;
  readonly stored: ValueStateDescriptor<unknown>;
  readonly valueFor: (key: number) => unknown;
  readonly changes: readonly Change[];
}

interface Person {
  readonly name: string;
  readonly age: number;
}

const person = (key: number): Person => ({ name: `person ${key}`, age: key % 100 });
const personWithEmail = (key: number) => ({ ...person(key), email: '-' });
const PERSON = { name: Types.STRING, age: Types.INT };
const PERSON_WITH_EMAIL = Types.STRUCT({ ...PERSON, email: { type: Types.STRING, default: '-' } });
const JSON_WITH_EMAIL = Types.JSON({ upgrades: [(stored: Person) => ({ ...stored, email: '-' })] });

export const STORED_VALUES: readonly StoredValues[] = [
  {
    name: 'INT',
    stored: descriptor(Types.INT),
    valueFor: (key) => key,
    changes: [
      { name: 'LONG, natively', declared: descriptor(Types.LONG), valueFor: (key) => key },
      { name: 'LONG, in JavaScript', declared: descriptor(inJavaScript(Types.LONG)), valueFor: (key) => key },
      { name: 'INT with TTL, natively', declared: withTtl(Types.INT), valueFor: (key) => key },
      { name: 'LONG with TTL, in JavaScript', declared: withTtl(inJavaScript(Types.LONG)), valueFor: (key) => key },
    ],
  },
  {
    name: 'STRUCT',
    stored: descriptor(Types.STRUCT(PERSON)),
    valueFor: person,
    changes: [
      { name: 'a field more, natively', declared: descriptor(PERSON_WITH_EMAIL), valueFor: personWithEmail },
      {
        name: 'a field more, in JavaScript',
        declared: descriptor(inJavaScript(PERSON_WITH_EMAIL)),
        valueFor: personWithEmail,
      },
    ],
  },
  {
    name: 'JSON',
    stored: descriptor(Types.JSON()),
    valueFor: person,
    changes: [{ name: 'an upgrade function', declared: descriptor(JSON_WITH_EMAIL), valueFor: personWithEmail }],
  },
];

/** @throws Error when a key's value is not what the change makes of it. */
export function checkValue(change: Change, key: number, value: unknown): void {
  const expected = change.valueFor(key);
  // Structs are objects without a prototype's name to compare.
  if (!isDeepStrictEqual(plain(value), plain(expected))) {
    throw new Error(`Key ${key} has ${JSON.stringify(value)} after '${change.name}', not ${JSON.stringify(expected)}.`);
  }
}

function plain(value: unknown): unknown {
  return typeof value === 'object' ? { ...value } : value;
}

function descriptor<T>(type: TypeInformation<T>): ValueStateDescriptor<unknown> {
  return new ValueStateDescriptor(STATE, type as TypeInformation<unknown>);
}

function withTtl<T>(type: TypeInformation<T>): ValueStateDescriptor<unknown> {
  return descriptor(type).enableTimeToLive(StateTtlConfig.newBuilder(TTL).build());
}

/** The same type, which does not say how native code can make it of another: as a program's own serializer is. */
function inJavaScript<T>({ serializer, ...type }: TypeInformation<T>): TypeInformation<T> {
  return {
    ...type,
    serializer: {
      ...serializer,
      resolve(stored) {
        const verdict = serializer.resolve?.(stored) ?? { kind: 'incompatible', reason: 'it resolves nothing' };
        return verdict.kind === 'after-migration' ? { kind: verdict.kind, reader: verdict.reader } : verdict;
      },
    },
  };
}
