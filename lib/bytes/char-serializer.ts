// One UTF-16 unit, Java's char, as Flink writes it: 16 bits, big-endian.
import type { TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { simpleSnapshot } from './snapshots.ts';
import { fixedLayout } from './value-layout.ts';

const ID = 'org.apache.flink.api.common.typeutils.base.CharSerializer';

export const charSerializer: TypeSerializer<string> = {
  id: ID,
  snapshot: simpleSnapshot(ID),
  length: 2,
  layout: fixedLayout(2),

  serialize(value, output) {
    if (typeof value !== 'string' || value.length !== 1) {
      throw new SerializationError(
        `A CHAR must be a string of one UTF-16 unit; received ${describe(value)}. Types.STRING holds longer ones.`,
      );
    }
    output.writeShort(value.charCodeAt(0));
  },

  deserialize: (input) => String.fromCharCode(input.readShort()),
};
