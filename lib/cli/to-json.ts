// Values of state as JSON. What JSON has not: integers that a number would round and bigints are texts, bytes are in base 64,
// dates in ISO 8601, maps arrays of pairs, sets arrays, and NaN and infinite numbers texts.

/** A value that `JSON.stringify` writes without loss. */
export function toJson(value: unknown): unknown {
  if (value === undefined || value === null) {
    return null;
  }
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) {
    return String(value);
  }
  if (typeof value !== 'object') {
    return Object.is(value, -0) ? '-0' : value;
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? null : value.toISOString();
  }
  if (value instanceof Map) {
    return [...value].map(([key, item]) => [toJson(key), toJson(item)]);
  }
  if (Array.isArray(value) || value instanceof Set || ArrayBuffer.isView(value)) {
    return Array.from(value as Iterable<unknown>, toJson);
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item)]));
}
