// Reads a key group that Flink's heap backend wrote in its own format, not the canonical one:
//
//   key group  [its number: int32]{state}…
//   state      [place in the header: int16][number of elements: int32]{element}…
//   element    [namespace][key][state], or a timer
//
// In compressed state, each state is a stream of Snappy's framing; the number of the key group is never compressed.
import type { TypeSerializer } from '../api/type-information.ts';
import { SavepointInput } from './savepoint-input.ts';
import type { SnappyCodec } from './snappy-format.ts';
import { uncompressFrames } from './snappy-frame-reader.ts';
import type { Timer } from './timers.ts';

/** How the elements of a state are read: a state's, or a queue's of timers. */
export type HeapState =
  | {
      readonly kind: 'state';
      readonly name: string;
      readonly key: TypeSerializer<unknown>;
      readonly namespace: TypeSerializer<unknown>;
      /** Of the whole value: of the list or map. */
      readonly value: TypeSerializer<unknown>;
    }
  | { readonly kind: 'timers'; readonly name: string; readonly timer: TypeSerializer<Timer<unknown, unknown>> };

/** An element of a state. */
export type HeapRow =
  | { readonly stateId: number; readonly key: unknown; readonly namespace: unknown; readonly value: unknown }
  | { readonly stateId: number; readonly timer: Timer<unknown, unknown> };

/** A key group's bytes, and what is known of them. */
export interface HeapKeyGroup {
  readonly keyGroup: number;
  /** From the key group's offset to that of the next, or to the end of the file. */
  readonly bytes: Uint8Array;
  /** What is read, for messages. */
  readonly source: string;
  /** In the order of the header. */
  readonly states: readonly HeapState[];
  /** What uncompresses, when the header says that key groups are compressed. */
  readonly codec?: SnappyCodec;
}

const GROUP_BYTES = 4;

/** @throws SavepointFormatError when the bytes are damaged. */
export function* heapRowsOf(group: HeapKeyGroup): Generator<HeapRow, void> {
  const { keyGroup, bytes, source, states, codec } = group;
  const head = new SavepointInput(bytes, source);
  const stored = head.int('key group');
  if (stored !== keyGroup) {
    head.fail('key group', `it is key group ${stored} where ${keyGroup} was expected`, 0);
  }
  const rest = bytes.subarray(GROUP_BYTES);
  const content = codec === undefined ? rest : uncompressFrames(rest, codec, { source, offset: GROUP_BYTES });
  const input = new SavepointInput(content, `${source}, key group ${keyGroup}`);
  for (let left = states.length; left > 0; left--) {
    yield* readState(input, states);
  }
}

function* readState(input: SavepointInput, states: readonly HeapState[]): Generator<HeapRow, void> {
  const stateId = input.unsignedShort('state');
  const state = states[stateId] ?? input.fail('state', `it says state ${stateId}, but the header has ${states.length}`);
  // Every element takes at least a byte.
  const count = input.count(`number of elements of state '${state.name}'`, 1);
  for (let left = count; left > 0; left--) {
    if (state.kind === 'timers') {
      yield { stateId, timer: input.decode(state.timer, `timer of '${state.name}'`) };
    } else {
      const namespace = input.decode(state.namespace, `namespace of state '${state.name}'`);
      const key = input.decode(state.key, `key of state '${state.name}'`);
      yield { stateId, namespace, key, value: input.decode(state.value, `value of state '${state.name}'`) };
    }
  }
}
