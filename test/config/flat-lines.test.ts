// As Flink 1.20 read `flink-conf.yaml`; Flink 2 no longer does.
import { describe, expect, it } from 'vitest';
import { parseFlatLines } from '../../lib/config/flat-lines.ts';

function read(text: string): Record<string, unknown> {
  return parseFlatLines(text, 'flink-conf.yaml').toObject();
}

describe('flat lines', () => {
  it('are keys and values', () => {
    expect(read('state.backend.type: rocksdb\r\nb:   spaces around  \n\n  c : d')).toEqual({
      'state.backend.type': 'rocksdb',
      b: 'spaces around',
      c: 'd',
    });
  });

  it('are separated at the first colon before a space', () => {
    expect(read('a: file:///x\nb: c: d\ne:f: g\nh: 1:2')).toEqual({ a: 'file:///x', b: 'c: d', 'e:f': 'g', h: '1:2' });
  });

  it('have comments at their beginning and behind a space', () => {
    expect(read('# a: b\n  # c: d\ne: f # g\nh: i#j\nk: l\t#m\n#n')).toEqual({ e: 'f', h: 'i#j', k: 'l' });
  });

  it('keep quotes, as they are no YAML', () => {
    expect(read(`a: 'b'\nc: "d"\ne: [f, g]`)).toEqual({ a: "'b'", c: '"d"', e: '[f, g]' });
  });

  it('may repeat a key: the last one counts', () => {
    expect(read('a: 1\na: 2')).toEqual({ a: '2' });
  });

  it.each(['a', 'a:', 'a:b', ': b', 'a: # b'])('%j is refused, by its number', (line) => {
    expect(() => read(`ok: 1\n${line}`)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_CONFIGURATION',
        message: expect.stringMatching(/^Line 2 of flink-conf\.yaml /),
      }),
    );
  });
});
