// The one window that everything is in, as Flink writes it: one byte, 0.
import type { TypeSerializer } from '../api/type-information.ts';
import { describe, SerializationError } from '../errors.ts';
import { simpleSnapshot } from './snapshots.ts';
import { fixedLayout } from './value-layout.ts';

const ID = 'org.apache.flink.streaming.api.windowing.windows.GlobalWindow$Serializer';

/** The window of Flink's `GlobalWindows`, of which there is one: the namespace of windows that only triggers end. */
export type GlobalWindow = 'GlobalWindow';

const GLOBAL_WINDOW: GlobalWindow = 'GlobalWindow';

export const globalWindowSerializer: TypeSerializer<GlobalWindow> = {
  id: ID,
  snapshot: simpleSnapshot(ID, 'GlobalWindowSerializerSnapshot'),
  length: 1,
  layout: fixedLayout(1),

  serialize(value, output) {
    if (value !== GLOBAL_WINDOW) {
      throw new SerializationError(`A GLOBAL_WINDOW must be "${GLOBAL_WINDOW}"; received ${describe(value)}.`);
    }
    output.writeByte(0);
  },

  deserialize(input) {
    input.readByte();
    return GLOBAL_WINDOW;
  },
};

/** `GlobalWindow.hashCode`. */
export function globalWindowHashCode(): number {
  return 0;
}
