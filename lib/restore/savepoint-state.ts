// What a restore reads of a savepoint: the headers of its files, and where the key groups that are wanted lie in them.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyGroupRange, RestoreSource, StoredState } from '../api/checkpoint.ts';
import type { SavepointDatabase, SavepointKeyedState, SavepointOperator } from '../api/savepoint.ts';
import type { TypeSerializer } from '../api/type-information.ts';
import { RestoreError } from '../errors.ts';
import { intersection } from '../keys/key-groups.ts';
import type { StoredKeyGroup } from '../rocksdb/key-group-files.ts';
import { toStoredState } from '../savepoint/described-state.ts';
import { type StateCut, type StateRow, stateCutsOf } from '../savepoint/heap-canonical-rows.ts';
import type { KeyedHeader } from '../savepoint/keyed-header.ts';
import { type RestoreTarget, usableKeys } from './check-fits.ts';
import { isHeapFormat } from './heap-format.ts';
import { readRawState } from './raw-state.ts';
import { keyGroupsOf, toFile } from './savepoint-bytes.ts';
import { checkCovers, mergedStates } from './select-handles.ts';
import { readStoredHeader } from './stored-header.ts';

/** Key groups in a file. */
interface KeyGroupFile {
  readonly path: string;
  readonly compressed: boolean;
  /** Those that are wanted, and have rows. */
  readonly keyGroups: readonly StoredKeyGroup[];
}

/** A file of a savepoint with key groups that are wanted. */
export interface SavepointFile extends KeyGroupFile {
  /** Names of states by their ids in the file. */
  readonly stateNames: readonly string[];
}

/** As {@link SavepointFile}, in the format of Flink's heap backend. */
export interface HeapFile extends KeyGroupFile {
  /** How the elements of states are cut, by their ids in the file. */
  readonly cuts: readonly StateCut[];
}

/** A database with key groups that are wanted. */
export interface DatabaseFiles extends SavepointDatabase {
  readonly states: readonly StoredState[];
}

/** What a restore reads of a savepoint. */
export interface SavepointState {
  /** The savepoint's directory. */
  readonly location: string;
  /** To use for the keys. */
  readonly keySerializer: TypeSerializer<unknown>;
  readonly states: readonly StoredState[];
  /** In the canonical format. */
  readonly files: readonly SavepointFile[];
  readonly heapFiles: readonly HeapFile[];
  readonly databases: readonly DatabaseFiles[];
  /** Rows that are in memory: of timers that were. */
  readonly rows: readonly StateRow[];
  /** Removes copies that were made to read it. */
  release(): Promise<void>;
}

/** Whether an operator of a savepoint is to be restored, not a checkpoint. */
export function isSavepoint(source: RestoreSource): source is SavepointOperator {
  return 'operatorId' in source;
}

/**
 * Reads what is to be known before rows can be read.
 *
 * @param directory - for copies of what is not in a file of its own, until `release`.
 * @throws RestoreError when the savepoint does not fit; StateMigrationError when its keys have another format;
 *   SavepointFormatError or UnknownSerializerError when a header can't be read.
 */
export async function readSavepointState(
  operator: SavepointOperator,
  target: Omit<RestoreTarget, 'backend'>,
  directory: string,
): Promise<SavepointState> {
  const which = `Operator ${operator.uid ?? operator.operatorId} of the savepoint at ${operator.location}`;
  checkMaxParallelism(operator, target, which);
  const wanted = target.keyGroupRange;
  const keyed = await wantedOf(operator, wanted);
  const parts = new SavepointParts(operator, { wanted, directory });
  let { keySerializer } = target;
  for (const state of keyed) {
    const header = await readHeader(state, operator);
    const keys = { id: operator.types.idOf(header.key), snapshot: header.key };
    keySerializer = usableKeys(keys, target.keySerializer, which);
    await parts.add(state, header);
  }
  return { ...parts.withRaw(await readRawState(operator, wanted, which)), keySerializer };
}

function checkMaxParallelism(
  operator: SavepointOperator,
  target: Pick<RestoreTarget, 'maxParallelism'>,
  which: string,
) {
  if (operator.maxParallelism !== target.maxParallelism) {
    throw new RestoreError(
      `${which} has maximum parallelism ${operator.maxParallelism}, and the backend has ${target.maxParallelism}; ` +
        'it can not change.',
    );
  }
}

async function wantedOf(operator: SavepointOperator, wanted: KeyGroupRange): Promise<SavepointKeyedState[]> {
  const all = await operator.keyedState();
  const keyed = all.filter(({ keyGroupRange }) => intersection(keyGroupRange, wanted) !== undefined);
  if (keyed.length > 0) {
    const inOrder = keyed.toSorted((a, b) => a.keyGroupRange.start - b.keyGroupRange.start);
    checkCovers(inOrder, wanted);
  }
  return keyed;
}

interface Place {
  readonly wanted: KeyGroupRange;
  readonly directory: string;
}

/** Gathers what is read of the subtasks. */
class SavepointParts {
  readonly #operator: SavepointOperator;
  readonly #place: Place;
  readonly #states: StoredState[] = [];
  readonly #files: SavepointFile[] = [];
  readonly #heapFiles: HeapFile[] = [];
  readonly #databases: DatabaseFiles[] = [];
  readonly #copies: string[] = [];

  constructor(operator: SavepointOperator, place: Place) {
    this.#operator = operator;
    this.#place = place;
  }

  async add(keyed: SavepointKeyedState, header: KeyedHeader): Promise<void> {
    const { types } = this.#operator;
    const states = header.states.map((state) => toStoredState(state, (snapshot) => types.idOf(snapshot)));
    this.#states.push(...states);
    if (keyed.kind === 'incremental') {
      this.#databases.push({ ...keyed, states });
      return;
    }
    const copy = join(this.#place.directory, `savepoint-${this.#copies.length}`);
    this.#copies.push(copy);
    const { path, start } = await toFile(keyed, copy);
    const keyGroups = keyGroupsOf(keyed, this.#place.wanted, { start, none: 0 });
    const file = { path, compressed: header.compressed, keyGroups };
    if (keyed.kind === 'key-groups' && (await isHeapFormat(keyed))) {
      this.#heapFiles.push({ ...file, cuts: stateCutsOf(header, types) });
    } else {
      this.#files.push({ ...file, stateNames: header.states.map(({ name }) => name) });
    }
  }

  withRaw(raw: Pick<SavepointState, 'states' | 'rows'>): Omit<SavepointState, 'keySerializer'> {
    return {
      location: this.#operator.location,
      states: mergedStates([...this.#states, ...raw.states]),
      ...{ files: this.#files, heapFiles: this.#heapFiles, databases: this.#databases, rows: raw.rows },
      release: async () => {
        await Promise.all(this.#copies.map((copy) => rm(copy, { force: true })));
      },
    };
  }
}

function readHeader(state: SavepointKeyedState, { types: { forms } }: SavepointOperator): Promise<KeyedHeader> {
  return state.kind === 'incremental'
    ? readStoredHeader(state.metadata, { offsets: [], forms })
    : readStoredHeader(state, { offsets: state.offsets, forms });
}
