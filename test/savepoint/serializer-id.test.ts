import { describe, expect, test } from 'vitest';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { snapshotOf } from '../../lib/bytes/snapshots.ts';
import { voidNamespaceSerializer } from '../../lib/bytes/void-namespace-serializer.ts';
import { Types } from '../../lib/index.ts';
import { serializerIdOf } from '../../lib/savepoint/serializer-id.ts';

const PLAIN = Object.entries(Types).filter(([, type]) => typeof type !== 'function') as [
  string,
  TypeInformation<unknown>,
][];
const COMPOSITES: readonly TypeInformation<never>[] = [
  Types.LIST(Types.STRING),
  Types.MAP(Types.STRING, Types.NULLABLE(Types.LONG)),
  Types.TUPLE(Types.STRING, Types.LIST(Types.INT)),
  Types.ROW(Types.STRING, Types.DOUBLE),
  Types.NULLABLE(Types.INT),
  Types.ENUM('A', 'B'),
  Types.STRUCT({ a: Types.INT, 'b c': Types.LIST(Types.STRUCT({ d: Types.STRING })) }),
  Types.JSON(),
  Types.JSON({ upgrades: [(value) => value] }),
] as unknown as readonly TypeInformation<never>[];

describe('a savepoint names the serializer of', () => {
  test.each([...PLAIN, ...COMPOSITES.map((type) => [type.name, type] as const)])(
    '%s as checkpoints do',
    (_name, type) => {
      const { serializer } = type as TypeInformation<unknown>;
      expect(serializerIdOf(snapshotOf(serializer))).toBe(serializer.id);
    },
  );

  test('no namespace as checkpoints do', () => {
    expect(serializerIdOf(snapshotOf(voidNamespaceSerializer))).toBe(voidNamespaceSerializer.id);
  });
});
