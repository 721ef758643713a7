// The keyed state of an operator as one: the states of all its subtasks, and their rows in the order of key groups.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import type { SerializerSnapshot } from '../api/serializer-snapshot.ts';
import { CheckpointError } from '../errors.ts';
import type { KeyedPart, PartRow } from '../inspect/keyed-part.ts';
import type { StoredOperator } from '../inspect/stored-operator.ts';
import { intersection } from '../keys/key-groups.ts';
import type { StateDescription } from '../savepoint/state-description.ts';

// Where a state that is left out is among those of the source.
const NOT_WANTED = -1;

/** What the subtasks of an operator have in common. */
export interface KeyedSource {
  /** For messages. */
  readonly label: string;
  readonly maxParallelism: number;
  readonly key: SerializerSnapshot;
  readonly states: readonly StateDescription[];
  readonly parts: readonly KeyedPart[];
}

/**
 * Undefined when it has no keyed state.
 *
 * @param dropped - names of states to leave out.
 * @throws CheckpointError when subtasks differ in their keys, or a state is not described.
 */
export async function keyedSourceOf(
  operator: StoredOperator,
  dropped: readonly string[] = [],
): Promise<KeyedSource | undefined> {
  const { keyed: parts, label, maxParallelism } = operator;
  const states = new Map<string, StateDescription>();
  let key: SerializerSnapshot | undefined;
  let keyFormat: string | undefined;
  for (const part of parts) {
    const header = await part.header();
    if (header.states.length > 0 && header.keyFormat !== (keyFormat ?? header.keyFormat)) {
      throw new CheckpointError(`Subtasks of ${label} differ in their keys: ${keyFormat} and ${header.keyFormat}.`);
    }
    keyFormat = header.states.length > 0 ? header.keyFormat : keyFormat;
    key ??= header.key;
    for (const { name, description } of header.states.filter((state) => !dropped.includes(state.name))) {
      if (description === undefined) {
        throw new CheckpointError(
          `State '${name}' of ${label} is in a checkpoint of an earlier release, which does not describe it; ` +
            'restore it with the program, and take a checkpoint.',
        );
      }
      states.set(name, states.get(name) ?? description);
    }
  }
  if (key === undefined) {
    if (states.size > 0) {
      throw new CheckpointError(
        `The keys of ${label} are stored by ${keyFormat}, which the checkpoint does not describe.`,
      );
    }
    return undefined;
  }
  return { label, maxParallelism, key, states: [...states.values()], parts };
}

/** The rows of a range: in each key group, those of a state are together. States are numbered as in the source. */
export async function* rowsOf(source: KeyedSource, range: KeyGroupRange): AsyncGenerator<PartRow, void> {
  const cursors = await Promise.all(
    source.parts
      .filter((part) => intersection(part.keyGroupRange, range) !== undefined)
      .map((part) => PartCursor.open(part, source, range)),
  );
  try {
    for (let keyGroup = range.start; keyGroup <= range.end; keyGroup++) {
      for (const cursor of cursors) {
        while (cursor.next?.keyGroup === keyGroup) {
          yield cursor.next;
          await cursor.advance();
        }
      }
    }
  } finally {
    await Promise.all(cursors.map((cursor) => cursor.close()));
  }
}

class PartCursor {
  next: PartRow | undefined;
  readonly #rows: AsyncGenerator<PartRow, void>;
  /** By the part's number of the state. */
  readonly #stateIds: readonly number[];

  private constructor(rows: AsyncGenerator<PartRow, void>, stateIds: readonly number[]) {
    this.#rows = rows;
    this.#stateIds = stateIds;
  }

  static async open(part: KeyedPart, { states }: KeyedSource, keyGroups: KeyGroupRange): Promise<PartCursor> {
    const header = await part.header();
    const stateIds = header.states.map(({ name }) => states.findIndex((state) => state.name === name));
    const cursor = new PartCursor(
      part.rows({ keyGroups, isWanted: (stateId) => stateIds[stateId] !== NOT_WANTED }),
      stateIds,
    );
    await cursor.advance();
    return cursor;
  }

  async advance(): Promise<void> {
    const { value } = await this.#rows.next();
    this.next = value instanceof Object ? { ...value, stateId: this.#stateIds[value.stateId] as number } : undefined;
  }

  async close(): Promise<void> {
    await this.#rows.return();
  }
}
