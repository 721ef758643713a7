import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const program = `
  import { hashOf } from ${JSON.stringify(new URL('../../dist/heap/byte-text.js', import.meta.url).href)};
  console.log(hashOf('key') === hashOf('key'), hashOf('key'));`;

function hashInAProcess(): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
}

describe('hashes of ids', () => {
  it('differ from process to process, so that nobody can prepare keys that all have one', () => {
    const hashes = [hashInAProcess(), hashInAProcess(), hashInAProcess()];
    expect(new Set(hashes).size).toBeGreaterThan(1);
    expect(hashes.every((each) => each.startsWith('true '))).toBe(true);
  });
});
