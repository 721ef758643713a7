// The golden files that a released Flink wrote, and their descriptions of types and values as ours.
import { readFileSync } from 'node:fs';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';

/** `"LONG"`, or `["LIST", "LONG"]`. */
export type GoldenType = string | readonly [string, ...GoldenType[]];

export interface SerializerGoldens {
  readonly types: readonly {
    readonly type: GoldenType;
    readonly serializer: string;
    readonly length: number;
  }[];
  readonly values: readonly { readonly type: GoldenType; readonly value: unknown; readonly bytes: string }[];
}

export interface SerializerSnapshotGoldens {
  readonly types: readonly { readonly type: GoldenType; readonly bytes: string }[];
  /** Of Java types that have no type here. */
  readonly others: readonly {
    readonly name: string;
    readonly length: number;
    readonly bytes: string;
    readonly values: readonly string[];
  }[];
}

export interface MetadataGoldens {
  readonly files: readonly { readonly name: string; readonly version: number; readonly bytes: string }[];
  readonly properties: readonly { readonly name: string; readonly bytes: string }[];
}

export interface StateStreamGoldens {
  readonly framed: readonly { readonly name: string; readonly length: number; readonly bytes: string }[];
  readonly operator: readonly {
    readonly compressed: boolean;
    readonly states: readonly {
      readonly name: string;
      readonly mode: 'SPLIT_DISTRIBUTE' | 'UNION' | 'BROADCAST';
      readonly offsets: readonly number[];
    }[];
    readonly bytes: string;
  }[];
  readonly heap: readonly {
    readonly compressed: boolean;
    readonly offsets: readonly number[];
    readonly bytes: string;
  }[];
}

export interface KeyGroupGoldens {
  readonly keys: readonly {
    readonly type: GoldenType;
    readonly key: unknown;
    readonly hashCode: number;
    readonly groupOf10_128_1000_32768: readonly number[];
  }[];
  readonly ranges: readonly {
    readonly maxParallelism: number;
    readonly parallelism: number;
    readonly indexStartEnd: readonly (readonly [number, number, number])[];
  }[];
  readonly defaultMaxParallelism: readonly (readonly [number, number])[];
}

export interface CompositeKeyGoldens {
  readonly keys: readonly {
    readonly maxParallelism: number;
    readonly keyGroup: number;
    readonly key: readonly [string, unknown];
    readonly namespace: readonly [string, unknown?];
    readonly userKey: readonly [string, unknown] | null;
    readonly bytes: string;
  }[];
}

export interface RocksDBRowGoldens {
  readonly rows: readonly {
    readonly keyType: GoldenType;
    readonly maxParallelism: number;
    readonly columnFamily: string;
    readonly key: string;
    readonly value: string;
  }[];
}

export function readGoldens<T>(name: string): T {
  const path = new URL(`../fixtures/flink/goldens/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

const COMPOSITES: Readonly<Record<string, (...types: TypeInformation<unknown>[]) => unknown>> = {
  LIST: (element) => Types.LIST(element as TypeInformation<unknown>),
  MAP: (key, value) => Types.MAP(key as TypeInformation<unknown>, Types.NULLABLE(value as TypeInformation<unknown>)),
  TUPLE: (...types) => Types.TUPLE(...types),
  ROW: (...types) => Types.ROW(...types),
  NULLABLE: (type) => Types.NULLABLE(type as TypeInformation<unknown>),
};

/** Our type. Maps may have null values, as they always may in Flink. */
export function typeOf(golden: GoldenType): TypeInformation<unknown> {
  if (typeof golden === 'string') {
    return Types[golden as 'LONG'] as TypeInformation<unknown>;
  }
  const [name, ...parts] = golden;
  if (name === 'ENUM') {
    return Types.ENUM(...(parts as string[])) as TypeInformation<unknown>;
  }
  return COMPOSITES[name]?.(...parts.map(typeOf)) as TypeInformation<unknown>;
}

const VALUES: Readonly<Record<string, (value: never) => unknown>> = {
  LONG: Number,
  BIGINT: BigInt,
  BIG_INT: BigInt,
  FLOAT: Number,
  DOUBLE: Number,
  DATE: (ms) => new Date(Number(ms)),
  INSTANT: ({ epochSecond, nano }: { epochSecond: string; nano: number }) => ({
    epochSecond: Number(epochSecond),
    nano,
  }),
  TIME_WINDOW: ([start, end]: readonly [string, string]) => ({ start: Number(start), end: Number(end) }),
  BYTES: (hex) => new Uint8Array(Buffer.from(hex, 'hex')),
};

/** Our value. */
export function fromGolden(golden: GoldenType, value: unknown): unknown {
  if (value === null) {
    return null;
  }
  if (typeof golden === 'string') {
    const convert = VALUES[golden];
    return convert === undefined ? value : convert(value as never);
  }
  const [name, ...parts] = golden;
  const [first, second] = parts as [GoldenType, GoldenType];
  switch (name) {
    case 'LIST':
      return (value as unknown[]).map((element) => fromGolden(first, element));
    case 'MAP':
      return new Map((value as [unknown, unknown][]).map(([k, v]) => [fromGolden(first, k), fromGolden(second, v)]));
    case 'TUPLE':
      return (value as unknown[]).map((field, index) => fromGolden(parts[index] as GoldenType, field));
    case 'ROW': {
      const { kind, fields } = value as { kind: string; fields: unknown[] };
      return { kind, fields: fields.map((field, index) => fromGolden(parts[index] as GoldenType, field)) };
    }
    case 'NULLABLE':
      return fromGolden(first, value);
    case 'POJO': {
      const fields = parts.slice(1) as unknown as readonly (readonly [string, GoldenType])[];
      const object = value as Record<string, unknown>;
      return Object.fromEntries(fields.map(([field, type]) => [field, fromGolden(type, object[field])]));
    }
    case 'TTL': {
      const { lastAccessMs, value: inner } = value as { lastAccessMs: string; value: unknown };
      return { lastAccessMs: Number(lastAccessMs), value: fromGolden(first, inner) };
    }
    case 'STREAM_RECORD': {
      const { timestampMs, value: inner } = value as { timestampMs: string; value: unknown };
      return { timestampMs: BigInt(timestampMs), value: fromGolden(first, inner) };
    }
    default:
      return value;
  }
}
