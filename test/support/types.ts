// Types for tests, beside the built-in ones.
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { Types } from '../../lib/bytes/types.ts';

const PRESENT = 1;
const ABSENT = 0;

/** A type that holds `null` too: a byte that says whether there is a value, then the value. */
export function nullable<T>(type: TypeInformation<T>): TypeInformation<T | null> {
  return {
    name: `nullable ${type.name}`,
    serializer: {
      id: `test.Nullable[${type.serializer.id}]`,
      length: -1,
      serialize(value, output) {
        output.writeByte(value === null ? ABSENT : PRESENT);
        if (value !== null) {
          type.serializer.serialize(value, output);
        }
      },
      deserialize: (input) => (input.readByte() === ABSENT ? null : type.serializer.deserialize(input)),
    },
  };
}

/** A type that can not be written. */
export const UNWRITABLE: TypeInformation<string> = {
  name: 'UNWRITABLE',
  serializer: {
    id: 'test.Unwritable',
    length: -1,
    serialize() {
      throw new Error('Artificial failure');
    },
    deserialize: () => '',
  },
};

/** Text behind a version byte. It is written as `version`, and read when it is of that version or an older one. */
export function versionedText(version: number): TypeInformation<string> {
  const { serializer } = Types.STRING;
  return {
    name: `text, version ${version}`,
    serializer: {
      id: 'test.VersionedText',
      length: -1,
      serialize(value, output) {
        output.writeByte(version);
        serializer.serialize(value, output);
      },
      deserialize(input) {
        const stored = input.readByte();
        if (stored > version) {
          throw new Error(`Version ${stored} is newer than ${version}.`);
        }
        return serializer.deserialize(input);
      },
    },
  };
}
