// Goes through numbers so that neighbours in turn are far apart.

/** Share of all numbers that lies between one and the next: as even as can be. */
const STEP = 0.618;

/** A step by which all numbers up to `count` are met once before any is met again. */
export function scatterStep(count: number): number {
  let step = Math.ceil(count * STEP);
  while (divisor(step, count) > 1) {
    step++;
  }
  return step;
}

/** The greatest that both numbers have. */
function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
