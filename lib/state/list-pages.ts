// Reads a list element by element from a value in native memory, a page at a time: a list may be longer than any buffer.
import type { TypeSerializer } from '../api/type-information.ts';
import type { NativeValue } from '../binding/surface.ts';
import { DataInput } from '../bytes/data-input.ts';
import { SerializationError } from '../errors.ts';

const FIRST_PAGE_BYTES = 4 * 1024;
const USUAL_PAGE_BYTES = 256 * 1024;

/** The elements in order. Leaving the loop frees the value. */
export function* elementsOf<T>(value: NativeValue, serializer: TypeSerializer<T>): Generator<T, void, void> {
  try {
    const size = value.sizeBytes;
    let page = new Uint8Array(Math.min(FIRST_PAGE_BYTES, size));
    for (let offset = 0; offset < size; ) {
      const length = value.read(offset, page);
      const isLast = offset + length === size;
      const read = yield* elementsIn(page.subarray(0, length), serializer, isLast);
      offset += read;
      if (read === 0 || page.length < USUAL_PAGE_BYTES) {
        // Nothing fitted, or the list is long enough for larger pages.
        page = new Uint8Array(Math.min(Math.max(2 * page.length, FIRST_PAGE_BYTES), Math.max(size - offset, 1)));
      }
    }
  } finally {
    value.close();
  }
}

// Yields the whole elements of a page, and answers how many bytes they and their delimiters were.
function* elementsIn<T>(page: Uint8Array, serializer: TypeSerializer<T>, isLast: boolean): Generator<T, number, void> {
  const input = new DataInput(page);
  let read = 0;
  while (input.remaining > 0) {
    let element: T;
    try {
      element = serializer.deserialize(input);
    } catch (error) {
      // Cut by the page's end, unless there is no more.
      if (isLast || !(error instanceof SerializationError)) {
        throw error;
      }
      return read;
    }
    // Without the delimiter behind it, the element itself may be cut.
    if (input.remaining === 0 && !isLast) {
      return read;
    }
    yield element;
    if (input.remaining > 0) {
      input.readByte();
    }
    read = input.position;
  }
  return read;
}
