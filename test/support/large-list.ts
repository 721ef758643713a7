// Elements of 1 MiB for lists of gigabytes, each telling which one it is.
import { expect } from 'vitest';

export const ELEMENT_BYTES: number = 2 ** 20;

/** The element with this index; the same buffer every time, as filling it is all that is wanted. */
export function elementAt(index: number): Uint8Array {
  element.fill(index & 0xff);
  new DataView(element.buffer).setUint32(0, index);
  return element;
}

const element = new Uint8Array(ELEMENT_BYTES);

/** Reads all elements, one at a time, and fails at the first that is not as it was written. */
export async function expectElements(
  list: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  count: number,
  first = 0,
): Promise<void> {
  let index = first;
  for await (const read of list) {
    if (Buffer.compare(read, elementAt(index)) !== 0) {
      throw new Error(`Element ${index} was read as something else.`);
    }
    index++;
  }
  expect(index - first).toBe(count);
}

/** Prints what a step took, with the memory of the process at its end and at its highest. */
export async function step<R>(name: string, work: () => R | Promise<R>): Promise<R> {
  const start = performance.now();
  const result = await work();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${name}: ${seconds} s, ${mib(process.memoryUsage.rss())} MiB now, ${mib(peakBytes())} MiB at the most`);
  return result;
}

/** The most memory that the process had so far. */
export function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function mib(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
