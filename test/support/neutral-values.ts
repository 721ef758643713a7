// Values of all types in one form in which those that Flink read and those read here can be compared: 64-bit integers and
// decimals as texts, bytes as hex, maps as pairs sorted by their texts.
import type { GoldenType } from './flink-goldens.ts';

type Convert = (value: never, parts: readonly GoldenType[]) => unknown;

const SAME = (value: unknown) => value;

const OURS: Readonly<Record<string, Convert>> = {
  LONG: String,
  BYTES: (bytes: Uint8Array) => Buffer.from(bytes).toString('hex'),
  INSTANT: ({ epochSecond, nano }: { epochSecond: number; nano: number }) => ({
    epochSecond: String(epochSecond),
    nano,
  }),
  TIME_WINDOW: ({ start, end }: { start: unknown; end: unknown }) => [String(start), String(end)],
  GLOBAL_WINDOW: () => 'GlobalWindow',
  VOID_NAMESPACE: () => null,
  LIST: (list: readonly unknown[], [element]) => list.map((each) => neutral(each, element as GoldenType)),
  TUPLE: (fields: readonly unknown[], parts) => fields.map((each, i) => neutral(each, parts[i] as GoldenType)),
  MAP: (map: ReadonlyMap<unknown, unknown>, [key, value]) =>
    sorted([...map].map(([k, v]) => [neutral(k, key as GoldenType), neutral(v, value as GoldenType)])),
  NULLABLE: (value: unknown, [type]) => neutral(value, type as GoldenType),
  ENUM: SAME,
  TTL: ({ lastAccessMs, value }: { lastAccessMs: number; value: unknown }, [type]) => ({
    lastAccessMs: String(lastAccessMs),
    value: neutral(value, type as GoldenType),
  }),
  STREAM_RECORD: ({ timestampMs, value }: { timestampMs?: bigint; value: unknown }, [type]) => ({
    timestampMs: timestampMs === undefined ? null : String(timestampMs),
    value: neutral(value, type as GoldenType),
  }),
  POJO: (object: Readonly<Record<string, unknown>>, [, ...fields]) =>
    Object.fromEntries(
      (fields as unknown as [string, GoldenType][]).map(([name, type]) => [name, neutral(object[name], type)]),
    ),
};

/** A value that was read here. */
export function neutral(value: unknown, type: GoldenType): unknown {
  const [name, ...parts] = typeof type === 'string' ? [type] : type;
  return value === null ? null : (OURS[name] ?? SAME)(value as never, parts);
}

const FLINKS: Readonly<Record<string, Convert>> = {
  DOUBLE: Number,
  LIST: (list: readonly unknown[], [element]) => list.map((each) => neutralOfFlink(each, element as GoldenType)),
  NULLABLE: (value: unknown, [type]) => neutralOfFlink(value, type as GoldenType),
  POJO: (object: Readonly<Record<string, unknown>>, [, ...fields]) =>
    Object.fromEntries(
      (fields as unknown as [string, GoldenType][]).map(([name, type]) => [name, neutralOfFlink(object[name], type)]),
    ),
};

/** A value of an `expected.json`, whose doubles are as Java prints them. */
export function neutralOfFlink(value: unknown, type: GoldenType): unknown {
  const [name, ...parts] = typeof type === 'string' ? [type] : type;
  return value === null ? null : (FLINKS[name] ?? SAME)(value as never, parts);
}

/** By their texts. */
export function sorted<T>(values: readonly T[]): T[] {
  const texts = new Map(values.map((value) => [value, JSON.stringify(value)]));
  return values.toSorted((a, b) => ((texts.get(a) as string) < (texts.get(b) as string) ? -1 : 1));
}
