// The namespace of plain keyed state. Flink's serializer reports length 0 but writes one byte; that it counts as fixed is
// why no length byte ever follows it.
import type { TypeSerializer } from '../api/type-information.ts';
import { simpleSnapshot } from './snapshots.ts';
import { fixedLayout } from './value-layout.ts';

const ID = 'org.apache.flink.runtime.state.VoidNamespaceSerializer';

export const voidNamespaceSerializer: TypeSerializer<undefined> = {
  id: ID,
  snapshot: simpleSnapshot(ID),
  length: 0,
  layout: fixedLayout(1),

  serialize(_namespace, output) {
    output.writeByte(0);
  },

  deserialize(input) {
    input.readByte();
    return undefined;
  },
};
