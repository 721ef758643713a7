// Random numbers without state: each is a function of an event's number and of what it is for. Random.java is the same in
// Java, bit by bit.

const TWO_TO_32 = 2 ** 32;
const PRICE_STEPS_BITS = 12;
const PRICE_REST_BITS = 20;
const PRICES = priceTable();
const TEXT = randomText(4096);

/** 32 bits, as a number with a sign. */
export function drawBits(event: number, purpose: number): number {
  let bits = (Math.imul(event, 0x9e3779b1) + Math.imul(purpose, 0x85ebca77)) | 0;
  bits ^= bits >>> 16;
  bits = Math.imul(bits, 0x21f0aaad);
  bits ^= bits >>> 15;
  bits = Math.imul(bits, 0x735a2d97);
  return bits ^ (bits >>> 15);
}

/** An integer from 0 on, below a bound of at most 2²⁰. */
export function drawBelow(event: number, purpose: number, bound: number): number {
  return Math.floor(((drawBits(event, purpose) >>> 0) * bound) / TWO_TO_32);
}

/** Cents from 100 to 100,000,000, whose logarithms are spread evenly: between two steps of a table, prices are. */
export function drawPrice(event: number, purpose: number): number {
  const bits = drawBits(event, purpose);
  const step = bits >>> PRICE_REST_BITS;
  const rest = bits & ((1 << PRICE_REST_BITS) - 1);
  const below = PRICES[step] as number;
  const above = PRICES[step + 1] as number;
  return below + Math.floor(((above - below) * rest) / (1 << PRICE_REST_BITS));
}

/** Lower-case letters. */
export function drawText(event: number, purpose: number, length: number): string {
  const start = drawBelow(event, purpose, TEXT.length - length + 1);
  return TEXT.slice(start, start + length);
}

// Multiplications are rounded alike in both languages; powers are not.
function priceTable(): number[] {
  const steps = 1 << PRICE_STEPS_BITS;
  const ratio = 1.0033786221027048;
  let price = 100;
  return Array.from({ length: steps + 1 }, () => {
    const whole = Math.floor(price);
    price *= ratio;
    return whole;
  });
}

function randomText(length: number): string {
  return Array.from({ length }, (_, place) => String.fromCharCode(97 + drawBelow(place, 0, 26))).join('');
}
