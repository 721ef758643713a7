// State of the jobs of Flink, restored or built here, written into savepoints, and what Flink then should find.
import { writeFile } from 'node:fs/promises';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { SavepointOperator, SavepointWriter } from '../../lib/api/savepoint.ts';
import type { InternalTimerService } from '../../lib/api/timers.ts';
import type { TypeInformation } from '../../lib/api/type-information.ts';
import { keyGroupRangeOf, Savepoint, type StateDescriptor, Types } from '../../lib/index.ts';
import type { OperatorStateBackend } from '../../lib/job/operator-state/operator-state-backend.ts';
import { descriptorsOf, headerOf, stateOf } from './flink-contents.ts';
import { fromGolden, type GoldenType, typeOf } from './flink-goldens.ts';
import { type ExpectedSavepoint, type FlinkOperator, type FlinkState, flinkSavepoint } from './flink-jobs.ts';
import { snapshotsOf, storedIn } from './flink-operator-state.ts';
import { storedOf, subtasksFrom } from './operator-states.ts';
import type { Bench } from './with-backend.ts';

/** A golden by its release and name. */
export type Golden = readonly [release: string, name: string];

/** An operator of a golden, ready to be restored. */
export async function goldenOperator([release, name]: Golden, uid: string): Promise<SavepointOperator> {
  const { savepoint, files, expected } = flinkSavepoint(release, name);
  const { pathPrefix } = expected;
  const mappings = pathPrefix === null ? [] : [{ from: pathPrefix, to: files }];
  return (await Savepoint.open(savepoint, { mappings })).operator(uid);
}

/** The operators of a golden, the source aside. */
export function operatorsOf([release, name]: Golden, without: readonly string[] = []): FlinkOperator[] {
  const { operators } = flinkSavepoint(release, name).expected;
  return operators.filter(({ uid }) => uid !== 'source' && !without.includes(uid));
}

/** What Flink should find of some operators of a golden. */
export function expectedOfOperators([release, name]: Golden, operators: readonly FlinkOperator[]): ExpectedSavepoint {
  const { job, rows, timers, operatorState, outputs = [] } = flinkSavepoint(release, name).expected;
  const uids = operators.map(({ uid }) => uid);
  return {
    job: { ...job, operators: uids },
    pathPrefix: null,
    rows: rows.filter(([uid]) => uids.includes(uid)),
    timers: timers.filter(([uid]) => uids.includes(uid)),
    // That of the source, which has none of its own, is there in any job.
    operatorState: operatorState.filter(([uid]) => uids.includes(uid) || uid === 'source'),
    outputs: outputs.filter((line) => uids.some((uid) => line.startsWith(`${uid} `))),
  };
}

/** How a job of ours runs. */
export interface OurJob {
  readonly bench: Bench;
  readonly parallelism: number;
}

/** What the subtasks of an operator have: those without keyed state have no keyed backends. */
export interface Subtasks {
  readonly keyeds: readonly KeyedStateBackend<unknown>[];
  readonly stores: readonly OperatorStateBackend[];
}

/** Visits the subtasks of an operator, before the savepoint is taken. */
export type Visit = (operator: FlinkOperator, subtasks: Subtasks) => Promise<void>;

/**
 * Takes a savepoint of a job of ours.
 *
 * @param restoreOf - what each operator is restored from, if anything.
 */
export async function takeSavepoint(
  { bench, parallelism }: OurJob,
  directory: string,
  operators: readonly FlinkOperator[],
  { restoreOf, visit }: { restoreOf?: (uid: string) => Promise<SavepointOperator>; visit?: Visit },
): Promise<void> {
  const writer = await Savepoint.begin(directory);
  for (const operator of operators) {
    const subtasks = await openSubtasks({ bench, parallelism }, operator, await restoreOf?.(operator.uid));
    await visit?.(operator, subtasks);
    await writeSubtasks(writer, operator, subtasks);
  }
  await writer.complete();
}

async function openSubtasks(
  { bench, parallelism }: OurJob,
  { keyType: golden, maxParallelism }: FlinkOperator,
  restore: SavepointOperator | undefined,
): Promise<Subtasks> {
  const stored = restore === undefined ? storedOf([]) : await storedIn(restore);
  const stores = subtasksFrom(stored, parallelism);
  if (golden === null) {
    return { keyeds: [], stores };
  }
  const keyType = typeOf(golden);
  const open = (index: number) => {
    const keyGroupRange = keyGroupRangeOf(index, maxParallelism, parallelism);
    return bench.open({ keyType, maxParallelism, keyGroupRange, ...(restore && { restore }) });
  };
  return { keyeds: await Promise.all(stores.map((_, index) => open(index))), stores };
}

async function writeSubtasks(
  writer: SavepointWriter,
  { uid, maxParallelism }: FlinkOperator,
  { keyeds, stores }: Subtasks,
): Promise<void> {
  for (const keyed of keyeds) {
    await keyed.savepoint(writer, { uid });
    await keyed.close();
  }
  const parallelism = stores.length;
  for (const [subtaskIndex, snapshot] of snapshotsOf(stores).entries()) {
    await writer.addOperatorState({ uid, subtaskIndex, parallelism, maxParallelism, snapshot });
  }
}

/** What is done to a row: another one's value in its place, or behind it. */
export interface RowChange {
  readonly state: FlinkState;
  readonly key: unknown;
  readonly namespace: unknown;
  /** Undefined for none. */
  readonly value: unknown;
}

/** Sets rows of an operator, given as Flink tells them. */
export async function setRows(
  golden: Golden,
  operator: FlinkOperator,
  keyeds: readonly KeyedStateBackend<unknown>[],
  rows: readonly RowChange[],
): Promise<void> {
  if (keyeds.length === 0) {
    return;
  }
  const restore = await goldenOperator(golden, operator.uid);
  const descriptors = descriptorsOf(await headerOf(restore), restore);
  for (const { key, namespace, state, value } of rows) {
    const keyed = ownerOf(fromGolden(operator.keyType as GoldenType, key), keyeds);
    const descriptor = (descriptors.get(state.name) as () => StateDescriptor<unknown>)();
    const object = inNamespace(keyed, descriptor, { state, namespace });
    setContent(object, state.kind, value === undefined ? undefined : fromGolden(state.valueType as GoldenType, value));
  }
}

/** Registers timers of an operator, given as Flink tells them. */
export function setTimers(
  operator: FlinkOperator,
  keyeds: readonly KeyedStateBackend<unknown>[],
  timers: ExpectedSavepoint['timers'],
): void {
  for (const { name } of operator.states.filter(({ kind }) => kind === 'TIMERS')) {
    const [, domain, service] = /^_timer_state\/(event|processing)_(.*)$/.exec(name) as unknown as [
      string,
      string,
      string,
    ];
    const isWindow = service === 'window-timers';
    const namespaceType = operator.states.some((state) => state.namespaceType === 'GLOBAL_WINDOW')
      ? Types.GLOBAL_WINDOW
      : isWindow
        ? Types.TIME_WINDOW
        : Types.VOID;
    const services = new Map(
      keyeds.map((keyed) => [
        keyed,
        keyed.getTimerService(service, {
          namespaceType: namespaceType as TypeInformation<unknown>,
          triggerable: UNFIRED,
        }),
      ]),
    );
    for (const [, , timestamp, key, namespace] of timers.filter(
      ([uid, queue]) => uid === operator.uid && queue === name,
    )) {
      const keyed = ownerOf(fromGolden(operator.keyType as GoldenType, key), keyeds);
      const itsNamespace = isWindow ? fromGolden('TIME_WINDOW', namespace) : undefined;
      const timerService = services.get(keyed) as InternalTimerService<unknown>;
      domain === 'event'
        ? timerService.registerEventTimeTimer(itsNamespace, Number(timestamp))
        : timerService.registerProcessingTimeTimer(itsNamespace, Number(timestamp));
    }
  }
}

const UNFIRED = { onEventTime() {}, onProcessingTime() {} };

// The one that takes the key; the others have other key groups.
function ownerOf(key: unknown, keyeds: readonly KeyedStateBackend<unknown>[]): KeyedStateBackend<unknown> {
  for (const keyed of keyeds) {
    try {
      keyed.setCurrentKey(key);
      return keyed;
    } catch (error) {
      if (!(error instanceof RangeError)) {
        throw error;
      }
    }
  }
  throw new Error(`No backend has key ${JSON.stringify(key)}`);
}

function inNamespace(
  keyed: KeyedStateBackend<unknown>,
  descriptor: StateDescriptor<unknown>,
  { state, namespace }: { readonly state: FlinkState; readonly namespace: unknown },
): unknown {
  if (state.namespaceType === 'VOID_NAMESPACE') {
    return stateOf(keyed, descriptor);
  }
  const namespaceType = Types[state.namespaceType as 'TIME_WINDOW'] as TypeInformation<unknown>;
  return keyed.getPartitionedState(descriptor, {
    namespace: fromGolden(state.namespaceType as GoldenType, namespace),
    namespaceType,
  });
}

interface AnyState {
  clear(): void;
  update(value: unknown): void;
  add(value: unknown): void;
  put(key: unknown, value: unknown): void;
}

function setContent(object: unknown, kind: string, value: unknown): void {
  const state = object as AnyState;
  state.clear();
  if (value === undefined) {
    return;
  }
  if (kind === 'MAP') {
    for (const [key, each] of value as Map<unknown, unknown>) {
      state.put(key, each);
    }
  } else if (kind === 'VALUE' || kind === 'LIST') {
    state.update(value);
  } else {
    state.add(value);
  }
}

/** Writes an `expected.json`; answers its path. */
export async function writeExpected(path: string, expected: ExpectedSavepoint): Promise<string> {
  await writeFile(path, JSON.stringify(expected));
  return path;
}
