// Types of a program that change from one release to the next.
import type { SchemaCompatibility } from '../../lib/api/schema-compatibility.ts';
import type { SerializerSnapshot } from '../../lib/api/serializer-snapshot.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';

/** A text that version 2 of {@link evolvingText} can't take over. */
export const POISON = 'poison';

const idOf = (version: number) => `test.EvolvingText[${version}]`;

/**
 * Text: in version 1 as `Types.STRING` has it, in version 2 behind a byte 2, which reads what version 1 wrote. Version 1 takes
 * nothing but its own.
 */
export function evolvingText(version: 1 | 2): TypeInformation<string> & { hashCode(text: string): number } {
  const { serializer, hashCode } = Types.STRING;
  const name = `TEXT_${version}`;
  if (version === 1) {
    return { name, serializer: { ...plain(serializer), id: idOf(1) }, hashCode: hashCode as (text: string) => number };
  }
  return {
    name,
    hashCode: hashCode as (text: string) => number,
    serializer: {
      id: idOf(2),
      length: -1,
      resolve: (stored): SchemaCompatibility<string> =>
        stored.kind === 'own' && stored.id === idOf(1)
          ? { kind: 'after-migration', reader: { deserialize: (input) => unpoisoned(serializer.deserialize(input)) } }
          : { kind: 'incompatible', reason: 'it is no text' },
      serialize(text, output) {
        output.writeByte(2);
        serializer.serialize(text, output);
      },
      deserialize(input) {
        const stored = input.readByte();
        if (stored !== 2) {
          throw new Error(`Text of version ${stored}.`);
        }
        return serializer.deserialize(input);
      },
    },
  };
}

/** Text behind so many bytes of padding; any padding that is stored is gone on with. */
export function paddedText(padding: number): TypeInformation<string> & { hashCode(text: string): number } {
  const { serializer, hashCode } = Types.STRING;
  return {
    name: `PADDED_${padding}`,
    hashCode: hashCode as (text: string) => number,
    serializer: {
      id: `test.PaddedText[${padding}]`,
      length: -1,
      resolve(stored: SerializerSnapshot): SchemaCompatibility<string> {
        const found = stored.kind === 'own' && /^test\.PaddedText\[(\d+)\]$/.exec(stored.id);
        return found
          ? { kind: 'reconfigured', serializer: paddedText(Number(found[1])).serializer }
          : { kind: 'incompatible', reason: 'it is no padded text' };
      },
      serialize(text, output) {
        output.writeBytes(new Uint8Array(padding));
        serializer.serialize(text, output);
      },
      deserialize(input) {
        input.readBytes(padding);
        return serializer.deserialize(input);
      },
    },
  };
}

function plain({ serialize, deserialize, length }: TypeInformation<string>['serializer']) {
  return { serialize, deserialize, length };
}

function unpoisoned(text: string): string {
  if (text === POISON) {
    throw new Error(`'${POISON}' can not be taken over.`);
  }
  return text;
}
