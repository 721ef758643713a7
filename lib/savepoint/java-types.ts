// Java types that savepoints may hold and `Types` has not: how their values are read, as what, and how they are written.
import type { DataInputView, DataOutputView, TypeInformation, TypeSerializer } from '../api/type-information.ts';
import { bigIntSerializer, readNullableBigInteger } from '../bytes/big-int-serializer.ts';
import { bigintHashCode } from '../bytes/java-hash-code.ts';
import { simpleSnapshot } from '../bytes/snapshots.ts';
import { readNullableString, stringSerializer } from '../bytes/string-serializer.ts';
import { fixedLayout, STRING_LAYOUT } from '../bytes/value-layout.ts';
import { describe, SerializationError } from '../errors.ts';
import { BASE, RUNTIME } from './snapshot-classes.ts';

/** Java's `java.sql.Timestamp`. */
export interface SqlTimestamp {
  /** Milliseconds since 1970. */
  readonly epochMs: bigint;
  /** Nanoseconds of the second, from 0 to 999999999: the milliseconds once more, and what is below them. */
  readonly nanos: number;
}

interface Format<T> {
  readonly name: string;
  readonly id: string;
  readonly length: number;
  write(value: T, output: DataOutputView): void;
  read(input: DataInputView): T;
}

const NULL_LONG = -(2n ** 63n);
const NULL_INT = -(2 ** 31);
const NULL_BYTE = 0x80;
const NULL_SHORT = 0x8000;
const DATE = /^([+-]?\d{4,10})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/;
const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,9}))?$/i;

function javaType<T>({ name, id, length, write, read }: Format<T>): TypeInformation<T> {
  const serializer: TypeSerializer<T> = {
    id,
    length,
    ...(length >= 0 && { layout: fixedLayout(length) }),
    snapshot: simpleSnapshot(id),
    serialize: write,
    deserialize: read,
  };
  return { name, serializer };
}

function refused(name: string, what: string, value: unknown): never {
  throw new SerializationError(`A ${name} must be ${what}; received ${describe(value)}.`);
}

const JAVA_LONG_FORMAT: TypeInformation<number | bigint> = javaType({
  ...{ name: 'JAVA_LONG', id: `${BASE}.LongSerializer`, length: 8 },
  write(value, output) {
    if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) {
      refused('JAVA_LONG', 'a bigint or a safe integer', value);
    }
    output.writeLong(BigInt(value));
  },
  read(input) {
    const value = input.readLong();
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  },
});

/** A 64-bit integer: as a number where one holds it exactly, else as a bigint. */
export const JAVA_LONG: TypeInformation<number | bigint> = {
  ...JAVA_LONG_FORMAT,
  hashCode: (value) => bigintHashCode(BigInt(value)),
};

/** `java.math.BigDecimal` as a text, such as "1.50" or "1E+3"; null where Java has null. */
export const BIG_DECIMAL: TypeInformation<string | null> = javaType({
  ...{ name: 'BIG_DECIMAL', id: `${BASE}.BigDecSerializer`, length: -1 },
  write(value, output) {
    if (value === null) {
      output.writeInt(0);
      return;
    }
    const [, sign, whole = '', fraction = '', exponent = '0'] =
      DECIMAL.exec(value) ?? refused('BIG_DECIMAL', 'a decimal', value);
    bigIntSerializer.serialize(BigInt(`${sign}${whole}${fraction}`.replace(/^-(?=0*$)/, '')), output);
    output.writeInt(fraction.length - Number(exponent));
  },
  read(input) {
    const unscaled = readNullableBigInteger(input);
    return unscaled === null ? null : decimalText(unscaled, input.readInt());
  },
});

/** `java.time.LocalDate` as a text, such as "2026-01-31"; null where Java has null. */
export const LOCAL_DATE: TypeInformation<string | null> = javaType({
  ...{ name: 'LOCAL_DATE', id: `${BASE}.LocalDateSerializer`, length: 6, write: writeDate, read: readDate },
});

/** `java.time.LocalTime` as a text, such as "23:59:58.000000007"; null where Java has null. */
export const LOCAL_TIME: TypeInformation<string | null> = javaType({
  ...{ name: 'LOCAL_TIME', id: `${BASE}.LocalTimeSerializer`, length: 7, write: writeTime, read: readTime },
});

/** `java.time.LocalDateTime` as a text, such as "2026-01-31T23:59:58"; null where Java has null. */
export const LOCAL_DATE_TIME: TypeInformation<string | null> = javaType({
  ...{ name: 'LOCAL_DATE_TIME', id: `${BASE}.LocalDateTimeSerializer`, length: 13 },
  write(value, output) {
    const [date, time] = value === null ? [null, null] : value.split('T', 2);
    writeDate(date ?? null, output);
    writeTime(time ?? null, output);
  },
  read(input) {
    const date = readDate(input);
    const time = readTime(input);
    return date === null || time === null ? null : `${date}T${time}`;
  },
});

/** `java.sql.Date` as milliseconds since 1970; null where Java has null. */
export const SQL_DATE: TypeInformation<bigint | null> = epochType('SQL_DATE', 'SqlDateSerializer');
/** `java.sql.Time` as milliseconds since 1970; null where Java has null. */
export const SQL_TIME: TypeInformation<bigint | null> = epochType('SQL_TIME', 'SqlTimeSerializer');

/** `java.sql.Timestamp`; null where Java has null. */
export const SQL_TIMESTAMP: TypeInformation<SqlTimestamp | null> = javaType({
  ...{ name: 'SQL_TIMESTAMP', id: `${BASE}.SqlTimestampSerializer`, length: 12 },
  write(value, output) {
    output.writeLong(value === null ? NULL_LONG : value.epochMs);
    output.writeInt(value === null ? 0 : value.nanos);
  },
  read(input) {
    const epochMs = input.readLong();
    const nanos = input.readInt();
    return epochMs === NULL_LONG ? null : { epochMs, nanos };
  },
});

/** `java.lang.Void`: always null. */
export const VOID: TypeInformation<null> = javaType({
  ...{ name: 'VOID', id: `${BASE}.VoidSerializer`, length: 1 },
  write: (_value, output) => output.writeByte(0),
  read(input) {
    input.readByte();
    return null;
  },
});

/** A tuple without fields: an empty array. */
export const TUPLE_0: TypeInformation<[]> = {
  name: 'TUPLE()',
  serializer: {
    id: `${RUNTIME}.Tuple0Serializer`,
    length: 1,
    layout: fixedLayout(1),
    snapshot: { kind: 'simple', className: `${RUNTIME}.Tuple0SerializerSnapshot`, version: 3 },
    serialize: (_value, output) => output.writeByte(42),
    deserialize(input) {
      input.readByte();
      return [];
    },
  },
};

/** A string that may be null: of Java's arrays of strings. */
export const NULLABLE_STRING: TypeInformation<string | null> = {
  name: 'NULLABLE_STRING',
  serializer: {
    id: `${BASE}.StringSerializer`,
    length: -1,
    layout: STRING_LAYOUT,
    serialize: (value, output) => (value === null ? output.writeByte(0) : stringSerializer.serialize(value, output)),
    deserialize: readNullableString,
  },
};

function epochType(name: string, serializer: string): TypeInformation<bigint | null> {
  return javaType<bigint | null>({
    ...{ name, id: `${BASE}.${serializer}`, length: 8 },
    write: (value, output) => output.writeLong(value ?? NULL_LONG),
    read(input) {
      const ms = input.readLong();
      return ms === NULL_LONG ? null : ms;
    },
  });
}

function writeDate(value: string | null, output: DataOutputView): void {
  if (value === null) {
    output.writeInt(NULL_INT);
    output.writeShort(NULL_SHORT);
    return;
  }
  const [, year, month, day] = DATE.exec(value) ?? refused('LOCAL_DATE', 'like 2026-01-31', value);
  output.writeInt(Number(year));
  output.writeByte(Number(month));
  output.writeByte(Number(day));
}

function readDate(input: DataInputView): string | null {
  const year = input.readInt();
  const [month, day] = [input.readByte(), input.readByte()];
  return year === NULL_INT ? null : `${yearText(year)}-${padded(month, 2)}-${padded(day, 2)}`;
}

function writeTime(value: string | null, output: DataOutputView): void {
  if (value === null) {
    output.writeByte(NULL_BYTE);
    output.writeShort(NULL_SHORT);
    output.writeInt(NULL_INT);
    return;
  }
  const [, hour, minute, second, fraction = ''] = TIME.exec(value) ?? refused('LOCAL_TIME', 'like 23:59:58.5', value);
  output.writeByte(Number(hour));
  output.writeByte(Number(minute));
  output.writeByte(Number(second));
  output.writeInt(Number(fraction.padEnd(9, '0')));
}

function readTime(input: DataInputView): string | null {
  const hour = input.readByte();
  const [minute, second, nano] = [input.readByte(), input.readByte(), input.readInt()];
  if (hour === NULL_BYTE) {
    return null;
  }
  const fraction = nano === 0 ? '' : `.${padded(nano, 9)}`;
  return `${padded(hour, 2)}:${padded(minute, 2)}:${padded(second, 2)}${fraction}`;
}

// Java writes years beyond four digits with a sign.
function yearText(year: number): string {
  const sign = year < 0 ? '-' : year > 9999 ? '+' : '';
  return sign + padded(Math.abs(year), 4);
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

function decimalText(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
  const sign = unscaled < 0n ? '-' : '';
  if (scale <= 0 || scale > MAX_PLAIN_SCALE) {
    return `${sign}${digits}${scale === 0 ? '' : `E${scale < 0 ? '+' : ''}${-scale}`}`;
  }
  const plain = digits.padStart(scale + 1, '0');
  return `${sign}${plain.slice(0, -scale)}.${plain.slice(-scale)}`;
}

// Beyond it zeros would take more room than the number.
const MAX_PLAIN_SCALE = 1000;
