// Finds the end of a stored value by its layout, as value-layout.ts describes it, where no serializer reads it.
import type { DataInputView } from '../api/type-information.ts';
import { SerializationError } from '../errors.ts';

/** Goes over one value. */
export type Skip = (input: DataInputView) => void;

interface Place {
  readonly layout: string;
  at: number;
}

/** @throws SerializationError when the text is no layout. */
export function skipOf(layout: string): Skip {
  const place = { layout, at: 0 };
  const skip = parse(place);
  if (place.at !== layout.length) {
    throw new SerializationError(`The layout '${layout}' should end at ${place.at}.`);
  }
  return skip;
}

function parse(place: Place): Skip {
  const letter = place.layout[place.at++];
  switch (letter) {
    case 'F': {
      const bytes = number(place);
      return (input) => skipBytes(input, bytes);
    }
    case 'S':
      return skipString;
    case 'B':
      return (input) => skipBytes(input, input.readInt());
    case 'I':
      return (input) => skipBytes(input, Math.max(0, input.readInt() - 4));
    case '?':
      return optional(parse(place));
    case 'L':
      return repeated(parse(place));
    case 'M':
      return repeated(sequence([parse(place), optional(parse(place))]));
    case 'T':
      return sequence(parseMany(place));
    case 'R':
      return row(parseMany(place));
    case '*':
      return (input) => skipBytes(input, input.remaining);
    default:
      throw new SerializationError(`The layout '${place.layout}' has something else at ${place.at - 1}.`);
  }
}

function number(place: Place): number {
  const end = place.layout.indexOf('.', place.at);
  const value = Number(place.layout.slice(place.at, end));
  place.at = end + 1;
  return value;
}

function parseMany(place: Place): Skip[] {
  return Array.from({ length: number(place) }, () => parse(place));
}

function skipBytes(input: DataInputView, count: number): void {
  input.readBytes(count);
}

function skipString(input: DataInputView): void {
  for (let left = input.readVarint() - 1; left > 0; left--) {
    input.readVarint();
  }
}

function optional(skip: Skip): Skip {
  return (input) => {
    if (input.readByte() === 0) {
      skip(input);
    }
  };
}

function repeated(skip: Skip): Skip {
  return (input) => {
    for (let left = input.readInt(); left > 0; left--) {
      skip(input);
    }
  };
}

function sequence(skips: readonly Skip[]): Skip {
  return (input) => {
    for (const skip of skips) {
      skip(input);
    }
  };
}

// Two bits of the mask come before those of the fields.
function row(skips: readonly Skip[]): Skip {
  return (input) => {
    const mask = input.readBytes(Math.ceil((2 + skips.length) / 8));
    skips.forEach((skip, index) => {
      const bit = 2 + index;
      if ((((mask[bit >> 3] as number) << (bit & 7)) & 0x80) === 0) {
        skip(input);
      }
    });
  };
}
