import { describe, expect, it } from 'vitest';
import { dynamicProperties } from '../../lib/config/dynamic-properties.ts';

function read(...args: string[]): Record<string, unknown> {
  return dynamicProperties(args).toObject();
}

describe('dynamic properties', () => {
  it('are arguments that begin with -D, or follow it', () => {
    expect(read('run', '-Da=1', '-D', 'b=2', '--c=3', '-d', 'e=4')).toEqual({ a: '1', b: '2' });
  });

  it('may contain anything behind the first equals sign', () => {
    expect(read('-Da=b=c', '-Dd=', '-De= f ', '-Dg=x;y\nz')).toEqual({ a: 'b=c', d: '', e: ' f ', g: 'x;y\nz' });
  });

  it('without a value are true', () => {
    expect(read('-Da', '-D', 'b')).toEqual({ a: 'true', b: 'true' });
  });

  it('given twice count as they were given last', () => {
    expect(read('-Da=1', '-Da=2')).toEqual({ a: '2' });
  });

  it('that follow -D are not read a second time', () => {
    expect(read('-D', '-Da=1')).toEqual({ '-Da': '1' });
  });

  it.each([['-D'], ['-D='], ['-D=b'], ['-D', '=b'], ['-D ', 'x']])('%j without a key are refused', (...args) => {
    expect(() => read(...args)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_CONFIGURATION' }));
  });
});
