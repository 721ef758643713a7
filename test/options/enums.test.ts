// Every member of every enumeration is a word that RocksDB knows: it is set, and read back.
import { describe, expect, it } from 'vitest';
import { ENUMS } from '../../lib/options/enums.ts';
import { KINDS, setterOf, withSetters } from '../support/native-setters.ts';

interface Member {
  readonly name: string;
  readonly member: string;
  readonly word: string;
}

const NEEDED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  kHashSearch: { setPrefixExtractor: 'fixed:4' },
};

// Their libraries are not linked, and "disable" is for the bottommost level alone.
const UNAVAILABLE = ['kZlibCompression', 'kBZip2Compression', 'kXpressCompression', 'kDisableCompressionOption'];

describe.each(KINDS)('an enumeration of a $name option', ({ types, effective }) => {
  const members = Object.entries(types).flatMap(([name, type]): Member[] =>
    type in ENUMS
      ? Object.entries(ENUMS[type as 'ChecksumType']).map(([member, word]) => ({ name, member, word }))
      : [],
  );
  const refused = ({ name, word }: Member) => name === 'blob_compression_type' && UNAVAILABLE.includes(word);
  // RocksDB compresses its log with ZSTD or not at all.
  const passedOver = ({ name, word }: Member) =>
    name === 'wal_compression' && !['kNoCompression', 'kZSTD'].includes(word);
  const taken = members.filter((each) => !refused(each) && !passedOver(each));

  it.each(taken)('$name takes $member', ({ name, member, word }) =>
    withSetters({ ...NEEDED[word], [setterOf(name)]: member }, async (opened) => {
      expect(effective(opened)[name]).toEqual({ value: word, source: 'factory' });
    }),
  );

  it.each(members.filter(refused))('$name does not take $member', ({ name, member }) =>
    expect(withSetters({ [setterOf(name)]: member }, async () => {})).rejects.toThrow('blob compression type'),
  );

  it.each(members.filter(passedOver))('$name passes over $member', ({ name, member }) =>
    withSetters({ [setterOf(name)]: member }, async (opened) => {
      expect(effective(opened)[name]?.value).toBe('kNoCompression');
    }),
  );
});

describe('a compression that is not linked', () => {
  it.each(UNAVAILABLE.slice(0, 3))('is refused by name: %s', async (word) => {
    const [member] = Object.entries(ENUMS.CompressionType).find(([, each]) => each === word) ?? [];
    await expect(withSetters({ setCompressionPerLevel: [member] }, async () => {})).rejects.toThrow(/not linked/);
    await expect(withSetters({ setCompressionType: member }, async () => {})).rejects.toThrow(/not linked/);
  });
});
