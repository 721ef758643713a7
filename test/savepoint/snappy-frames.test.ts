import { describe, expect, it } from 'vitest';
import { SavepointFormatError } from '../../lib/errors.ts';
import { crc32c, maskedCrc32c } from '../../lib/savepoint/crc32c.ts';
import { SnappyFrameReader, uncompressFrames } from '../../lib/savepoint/snappy-frame-reader.ts';
import { compressFrames, STREAM_IDENTIFIER } from '../../lib/savepoint/snappy-frame-writer.ts';
import { hex } from '../support/bytes.ts';
import { readGoldens, type StateStreamGoldens } from '../support/flink-goldens.ts';
import { SNAPPY } from '../support/snappy.ts';

const SOURCE = { source: 'state', offset: 100 };
const { framed } = readGoldens<StateStreamGoldens>('state-streams');
const contents: Readonly<Record<string, Uint8Array>> = {
  nothing: new Uint8Array(),
  'a short text': Buffer.from('hello'),
  'zeros of more than one block': new Uint8Array(70_000),
};

function uncompress(bytes: Uint8Array): Uint8Array {
  return uncompressFrames(bytes, SNAPPY, SOURCE);
}

it('CRC-32C is that of the standard', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe306_9283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a91_36aa);
  expect(maskedCrc32c(Buffer.from('hello'))).toBe(0x191c_1fbb);
});

describe('what Flink compressed', () => {
  it.each(framed)('is uncompressed: $name', ({ name, bytes }) => {
    expect(Buffer.compare(uncompress(Buffer.from(bytes, 'hex')), contents[name] as Uint8Array)).toBe(0);
  });

  it.each(framed.filter(({ length }) => length < 10))('is written alike: $name', ({ name, bytes }) => {
    expect(hex(compressFrames(contents[name] as Uint8Array, SNAPPY))).toBe(bytes);
  });
});

describe('what is compressed', () => {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i % 7 === 0 ? i : 3));

  it('comes back, chunk by chunk, however it was cut', () => {
    const reader = new SnappyFrameReader(SNAPPY, SOURCE);
    const compressed = compressFrames(bytes, SNAPPY);
    const blocks: Uint8Array[] = [];
    for (let start = 0; start < compressed.length; start += 999) {
      reader.push(compressed.subarray(start, start + 999));
      for (let block = reader.next(); block !== undefined; block = reader.next()) {
        expect(block.length).toBeLessThanOrEqual(65_536);
        blocks.push(block);
      }
    }
    reader.finish();
    expect(Buffer.concat(blocks).equals(bytes)).toBe(true);
  });

  it('is smaller where that is possible', () => {
    expect(compressFrames(new Uint8Array(65_536), SNAPPY).length).toBeLessThan(4000);
  });

  it('may be several streams, and have chunks that are skipped', () => {
    const stream = compressFrames(Buffer.from('hello'), SNAPPY);
    const padding = Buffer.from('fe030000aabbcc', 'hex');
    expect(Buffer.from(uncompress(Buffer.concat([stream, padding, stream]))).toString()).toBe('hellohello');
  });
});

describe('damaged frames are refused', () => {
  const hello = compressFrames(Buffer.from('hello'), SNAPPY);
  const zeros = compressFrames(new Uint8Array(1000), SNAPPY);

  it.each<[string, Uint8Array, RegExp]>([
    ['a wrong checksum', changed(hello, 15, 1), /state can't be read, at byte 1\d\d .*checksum of a chunk is wrong/],
    ['a wrong identifier', changed(hello, 5, 1), /identifier is not that of Snappy/],
    ['an unknown type', changed(hello, 10, 0x42), /chunks of type \d+ are not known/],
    ['a length beyond a block', changed(hello, 13, 0x7f), /a chunk can not have \d+ bytes/],
    ['an end within a chunk', hello.subarray(0, hello.length - 1), /end within a chunk, of which 12 have come/],
    [
      'a block that claims to be huge',
      Buffer.from('0009000000000000ffffffff0f', 'hex'),
      /a block can not have \d+ bytes/,
    ],
    ['a damaged block', changed(zeros, 23, 0xff), /a block is damaged/],
  ])('%s', (_what, bytes, message) => {
    const act = () => uncompress(bytes);
    expect(act).toThrow(SavepointFormatError);
    expect(act).toThrow(message);
  });
});

it('a stream begins with its identifier', () => {
  expect(hex(STREAM_IDENTIFIER)).toBe('ff060000734e61507059');
});

function changed(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] as number) ^ mask;
  return copy;
}
