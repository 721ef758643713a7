import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinStructured, splitStructured } from '../../lib/config/structured-text.ts';
import { listType, mapType, stringType } from '../../lib/config/value-types.ts';

// Of characters that mean something to a list, a map or YAML.
const awkward = fc.string({
  unit: fc.constantFrom('a', ' ', ';', ',', ':', "'", '"', '[', ']', '{', '}', '-', '#', '\n'),
});

describe('structured text', () => {
  it('gives back every part that was joined', () => {
    fc.assert(
      fc.property(fc.array(awkward), fc.constantFrom(';', ',', ':'), (parts, delimiter) => {
        expect(splitStructured(joinStructured(parts, delimiter), delimiter)).toEqual(parts);
      }),
      { numRuns: 2000 },
    );
  });

  it('is only quoted where it must be', () => {
    expect(joinStructured(['a b', '-1', "it's", 'c;d'], ';')).toBe("a b;-1;'it''s';'c;d'");
  });

  it('is refused with an open quote or something behind a closing one', () => {
    expect(splitStructured("'a", ';')).toBeUndefined();
    expect(splitStructured("'a' b;c", ';')).toBeUndefined();
  });
});

describe('text written for a list or a map', () => {
  it('is read as the same list', () => {
    const type = listType(stringType);
    fc.assert(
      fc.property(fc.array(awkward), (list) => {
        expect(type.parse(type.format(list))).toEqual(list);
      }),
      { numRuns: 2000 },
    );
  });

  it('is read as the same map', () => {
    fc.assert(
      fc.property(fc.dictionary(awkward, awkward, { noNullPrototype: true }), (map) => {
        expect(mapType.parse(mapType.format(map))).toEqual(map);
      }),
      { numRuns: 2000 },
    );
  });
});
