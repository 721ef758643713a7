// An operator of a savepoint or checkpoint: its states, and their rows, read one after the other.
import type {
  KeyedStatePart,
  OperatorStatePart,
  RawStateRow,
  ReadableOperatorState,
  ReadableState,
  StateRow,
  StateRowOptions,
} from '../api/stored-state.ts';
import { RestoreError } from '../errors.ts';
import type { SavepointTypes } from '../savepoint/savepoint-types.ts';
import type { KeyedPart } from './keyed-part.ts';
import type { OperatorStateStreamPart } from './operator-states.ts';
import { decodeRow } from './row-decoder.ts';
import { describeState, stateTypesOf } from './state-types.ts';

/** State that is only carried along: nothing here reads it. */
export type OpaqueState =
  | 'coordinator-state'
  | 'channel-state'
  | 'raw-operator-state'
  | 'raw-keyed-state'
  | 'attachment';

/** What is known of an operator without reading its state. */
export interface OperatorDescription {
  /** Where the savepoint tells it. */
  readonly uid: string | undefined;
  /** Where the savepoint tells it. */
  readonly name: string | undefined;
  /** 32 hexadecimal digits; of a checkpoint of rockstate, the id of its first backend. */
  readonly operatorId: string;
  readonly parallelism: number;
  /** The number of key groups. */
  readonly maxParallelism: number;
  /** Whether all its subtasks had come to the end of their input. */
  readonly isFinished: boolean;
  readonly opaque: readonly OpaqueState[];
}

export class StoredOperator implements OperatorDescription {
  readonly uid: string | undefined;
  readonly name: string | undefined;
  readonly operatorId: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly isFinished: boolean;
  readonly opaque: readonly OpaqueState[];
  /** @internal */
  readonly keyed: readonly KeyedPart[];
  readonly #lists: readonly OperatorStateStreamPart[];
  readonly #types: SavepointTypes;

  /** @internal */
  constructor(
    description: OperatorDescription,
    parts: { readonly keyed: readonly KeyedPart[]; readonly lists: readonly OperatorStateStreamPart[] },
    types: SavepointTypes,
  ) {
    this.uid = description.uid;
    this.name = description.name;
    this.operatorId = description.operatorId;
    this.parallelism = description.parallelism;
    this.maxParallelism = description.maxParallelism;
    this.isFinished = description.isFinished;
    this.opaque = description.opaque;
    this.keyed = parts.keyed;
    this.#lists = parts.lists;
    this.#types = types;
  }

  /** Its uid, or its id. */
  get label(): string {
    return this.uid ?? this.operatorId;
  }

  /** Where its keyed state is. */
  get parts(): readonly KeyedStatePart[] {
    return this.keyed.map(({ subtask, layout, keyGroupRange, sizeBytes }) => ({
      ...{ subtask, layout, keyGroupRange, sizeBytes },
    }));
  }

  /** Bytes of its keyed state, and of its operator state. */
  get sizeBytes(): number {
    return [...this.keyed, ...this.#lists].reduce((sum, part) => sum + part.sizeBytes, 0);
  }

  /** Whether key groups are compressed with Snappy. */
  async isCompressed(): Promise<boolean> {
    const headers = await Promise.all(this.keyed.map((part) => part.header()));
    return headers.some(({ compressed }) => compressed);
  }

  /**
   * Its keyed states, timers among them.
   *
   * @throws SavepointFormatError when a header is damaged; UnknownSerializerError when it can't be read past a class.
   */
  async keyedStates(): Promise<readonly ReadableState[]> {
    const states = new Map<string, ReadableState>();
    for (const part of this.keyed) {
      const header = await part.header();
      for (const state of header.states) {
        states.set(state.name, states.get(state.name) ?? describeState(header, state, this.#types));
      }
    }
    return [...states.values()];
  }

  /**
   * The rows of a keyed state, decoded: subtask by subtask, in the order of key groups. One row, and what is read ahead of it,
   * is in memory (of Flink's heap checkpoints: a key group). Bytes in a row are its own.
   *
   * @throws UnknownSerializerError when a type is not known, which names the class and the state; its rows can be read with
   *   {@link rawRows}. SavepointFormatError when bytes are damaged.
   */
  async *rows(state: string, options: StateRowOptions = {}): AsyncGenerator<StateRow, void> {
    for (const part of await this.#partsWith(state)) {
      const header = await part.header();
      const described = header.states.find(({ name }) => name === state);
      if (described !== undefined) {
        const types = stateTypesOf(header, described, this.#types);
        const origin = { source: part.source, stateName: state };
        for await (const row of this.#read(part, header.states.indexOf(described), options)) {
          yield decodeRow(row, types, origin);
        }
      }
    }
  }

  /** As {@link rows}, as bytes. @throws SavepointFormatError when bytes are damaged. */
  async *rawRows(state: string, options: StateRowOptions = {}): AsyncGenerator<RawStateRow, void> {
    for (const part of await this.#partsWith(state)) {
      const { states } = await part.header();
      const wanted = states.findIndex(({ name }) => name === state);
      for await (const { keyGroup, key, value } of this.#read(part, wanted, options)) {
        yield { keyGroup, key, value };
      }
    }
  }

  /** The states that are not keyed. @throws as {@link keyedStates}. */
  async operatorStates(): Promise<readonly ReadableOperatorState[]> {
    const states = new Map<string, ReadableOperatorState>();
    for (const part of this.#lists) {
      for (const state of await part.states()) {
        states.set(state.name, states.get(state.name) ?? state);
      }
    }
    return [...states.values()];
  }

  /**
   * A state that is not keyed, subtask by subtask: the state of each is read whole.
   *
   * @throws RestoreError when there is no such state; else as {@link rows}.
   */
  async *operatorState(state: string): AsyncGenerator<OperatorStatePart, void> {
    const known = await this.operatorStates();
    if (!known.some(({ name }) => name === state)) {
      throw this.#noState(state, known);
    }
    for (const part of this.#lists) {
      const elements = await part.elementsOf(state);
      if (elements !== undefined) {
        yield elements;
      }
    }
  }

  #read(part: KeyedPart, wanted: number, { keyGroups }: StateRowOptions) {
    return part.rows({ keyGroups: keyGroups ?? part.keyGroupRange, isWanted: (stateId) => stateId === wanted });
  }

  async #partsWith(state: string): Promise<KeyedPart[]> {
    const parts: KeyedPart[] = [];
    for (const part of this.keyed) {
      const { states } = await part.header();
      if (states.some(({ name }) => name === state)) {
        parts.push(part);
      }
    }
    if (parts.length === 0) {
      throw this.#noState(state, await this.keyedStates());
    }
    return parts;
  }

  #noState(state: string, known: readonly { readonly name: string }[]): RestoreError {
    const names = known.map(({ name }) => `'${name}'`).join(', ');
    return new RestoreError(`Operator ${this.label} has no state '${state}'; it has ${names || 'none of this kind'}.`);
  }
}
