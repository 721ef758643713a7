// Where elements of operator state begin and end in the bytes of a subtask, and the bytes of each, whatever they are.
import type { OperatorStateOffsets } from '../api/operator-state.ts';
import type { OperatorStateStream } from './operator-state.ts';
import type { OperatorStateHeader } from './operator-state-header.ts';
import { SavepointInput } from './savepoint-input.ts';
import { uncompressFrames } from './snappy-frame-reader.ts';

interface Element {
  readonly state: OperatorStateOffsets;
  /** In the order in which they were written. */
  readonly rank: number;
  readonly index: number;
}

/**
 * The bytes of all elements, uncompressed, by name of state. Broadcast state has one, or none.
 *
 * @throws SavepointFormatError when the offsets can't be right, or compressed bytes are damaged.
 */
export function elementBytesOf(
  stream: OperatorStateStream,
  { lists, broadcasts }: OperatorStateHeader,
): Map<string, Uint8Array[]> {
  const names = [...lists, ...broadcasts].map(({ name }) => name);
  const ranks = new Map(names.map((name, rank) => [name, rank]));
  const elements = stream.states.flatMap((state) => elementsOf(state, ranks.get(state.name), stream));
  // Elements without any bytes begin where the next one does.
  elements.sort((a, b) => offsetOf(a) - offsetOf(b) || a.rank - b.rank || a.index - b.index);
  const found = new Map(stream.states.map(({ name, offsets }) => [name, new Array<Uint8Array>(offsets.length)]));
  for (const [position, element] of elements.entries()) {
    const next = elements[position + 1];
    const end = next === undefined ? stream.bytes.length : offsetOf(next);
    const bytes = bytesBetween(stream, offsetOf(element), end);
    (found.get(element.state.name) as Uint8Array[])[element.index] = bytes;
  }
  return found;
}

function elementsOf(state: OperatorStateOffsets, known: number | undefined, stream: OperatorStateStream): Element[] {
  const input = new SavepointInput(stream.bytes, stream.source);
  const rank = known ?? input.fail('header', `it says nothing of state '${state.name}', which has elements`);
  if (state.mode === 'BROADCAST' && state.offsets.length > 1) {
    input.fail('offsets', `broadcast state '${state.name}' has ${state.offsets.length} where it can have one`);
  }
  return state.offsets.map((_, index) => ({ state, rank, index }));
}

function offsetOf({ state, index }: Element): number {
  return state.offsets[index] as number;
}

/** The offsets of all states, in order: each element ends, at the latest, where the next one begins. */
export function sortedOffsets(states: readonly OperatorStateOffsets[]): Float64Array {
  const sorted = new Float64Array(states.reduce((sum, { offsets }) => sum + offsets.length, 0));
  let filled = 0;
  for (const { offsets } of states) {
    sorted.set(offsets, filled);
    filled += offsets.length;
  }
  return sorted.sort();
}

/** The first offset that is greater than another, or `length`. */
export function offsetAfter(sorted: Float64Array, offset: number, length: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) > offset) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return Math.min(sorted[low] ?? length, length);
}

/**
 * Bytes of a stream, uncompressed.
 *
 * @throws SavepointFormatError when they are not within the stream, or damaged.
 */
export function bytesBetween({ bytes, source, codec }: OperatorStateStream, begin: number, end: number): Uint8Array {
  if (begin < 0 || begin > bytes.length) {
    new SavepointInput(bytes, source).fail('offset', `${begin} is not within its ${bytes.length} bytes`, 0);
  }
  const between = bytes.subarray(begin, end);
  return codec === undefined ? between : uncompressFrames(between, codec, { source, offset: begin });
}
