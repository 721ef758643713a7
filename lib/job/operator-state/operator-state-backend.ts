// The operator state of one subtask, in memory: those states that the program asked for, and restored ones that it did not.
import { ListStateDescriptor, MapStateDescriptor } from '../../api/descriptors.ts';
import type { OperatorStateOffsets, OperatorStateSnapshot, StoredOperatorState } from '../../api/operator-state.ts';
import { type Described, snapshotOf } from '../../bytes/snapshots.ts';
import { describe, StateMigrationError, typeError } from '../../errors.ts';
import {
  type BroadcastToWrite,
  type BytesToWrite,
  decodeEntries,
  type ListToWrite,
  writeOperatorState,
} from '../../savepoint/operator-state.ts';
import { SavepointInput } from '../../savepoint/savepoint-input.ts';
import { DISTRIBUTION_OPTION, type StateDescription } from '../../savepoint/state-description.ts';
import { HeapBroadcastState } from './heap-broadcast-state.ts';
import type { BroadcastState, OperatorListState, OperatorStateStore } from './operator-state-store.ts';
import { PartitionableListState } from './partitionable-list-state.ts';
import { type RestoredState, restoredStates, type SubtaskPlace } from './restored-state.ts';

type Mode = OperatorStateOffsets['mode'];

/** A state that the program asked for. */
interface Registered {
  readonly description: StateDescription;
  readonly mode: Mode;
  readonly format: string;
  readonly state: PartitionableListState<unknown> | HeapBroadcastState<unknown, unknown>;
}

/** What a program asks for. */
interface Wanted {
  readonly name: string;
  readonly mode: Mode;
  readonly format: string;
}

/** The operator state of one subtask. */
export class OperatorStateBackend implements OperatorStateStore {
  readonly #restored: Map<string, RestoredState>;
  readonly #registered = new Map<string, Registered>();

  constructor(restored: ReadonlyMap<string, RestoredState> = new Map()) {
    this.#restored = new Map(restored);
  }

  /**
   * Begins with what a subtask gets of the state of all old subtasks. Split state stays where it was when the parallelism is
   * the same, and is else dealt out in even shares, in order; union state is given to all, and of broadcast state one copy.
   *
   * @throws RestoreError when old subtasks disagree on a state; SavepointFormatError or UnknownSerializerError when what is
   *   stored can't be read.
   */
  static restore(stored: StoredOperatorState, place: SubtaskPlace): OperatorStateBackend {
    return new OperatorStateBackend(restoredStates(stored, place));
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): OperatorListState<T> {
    return this.#list(descriptor, 'SPLIT_DISTRIBUTE');
  }

  getUnionListState<T>(descriptor: ListStateDescriptor<T>): OperatorListState<T> {
    return this.#list(descriptor, 'UNION');
  }

  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    if (!(descriptor instanceof MapStateDescriptor)) {
      throw wrongDescriptor('Broadcast state', 'MapStateDescriptor', descriptor);
    }
    const { name } = descriptor;
    const serializers = { key: descriptor.keyType.serializer, value: descriptor.valueType.serializer };
    const wanted = { name, mode: 'BROADCAST', format: `${serializers.key.id}, ${serializers.value.id}` } as const;
    return this.#find(wanted, (restored) => {
      const entries = (restored?.elements ?? []).flatMap((bytes) => [
        ...decodeEntries(inputOf(bytes, restored), name, serializers),
      ]);
      const state = new HeapBroadcastState(name, serializers, entries);
      return { state, description: () => broadcastDescription(name, serializers) };
    }) as BroadcastState<K, V>;
  }

  get registeredStateNames(): readonly string[] {
    return this.#names((mode) => mode !== 'BROADCAST');
  }

  get registeredBroadcastStateNames(): readonly string[] {
    return this.#names((mode) => mode === 'BROADCAST');
  }

  /**
   * All state as it is now, as bytes: what changes afterwards is not in it. `undefined` when there is no state at all; an empty
   * list is some.
   *
   * @throws SerializationError when a value that was put into state was changed since into one that can't be written.
   */
  snapshot(): OperatorStateSnapshot | undefined {
    const lists: (ListToWrite | BytesToWrite)[] = [];
    const broadcasts: (BroadcastToWrite | BytesToWrite)[] = [];
    for (const { description, mode, carried } of this.#restored.values()) {
      (mode === 'BROADCAST' ? broadcasts : lists).push({ description, bytes: carried });
    }
    for (const { description, state } of this.#registered.values()) {
      if (state instanceof PartitionableListState) {
        lists.push({ description, ...state.toWrite });
      } else {
        broadcasts.push({ description, ...state.toWrite });
      }
    }
    return lists.length + broadcasts.length === 0 ? undefined : writeOperatorState(lists, broadcasts);
  }

  #list<T>(descriptor: ListStateDescriptor<T>, mode: 'SPLIT_DISTRIBUTE' | 'UNION'): OperatorListState<T> {
    if (!(descriptor instanceof ListStateDescriptor)) {
      throw wrongDescriptor('List state of an operator', 'ListStateDescriptor', descriptor);
    }
    const { name } = descriptor;
    const { serializer } = descriptor.elementType;
    return this.#find({ name, mode, format: serializer.id }, (restored) => {
      const elements = (restored?.elements ?? []).map((bytes, index) =>
        inputOf(bytes, restored).decode(serializer, `element ${index} of '${name}'`),
      );
      const state = new PartitionableListState(name, serializer, elements);
      return { state, description: () => listDescription(name, mode, serializer) };
    }) as OperatorListState<T>;
  }

  // What is restored stays so when its values can't be read.
  #find(
    wanted: Wanted,
    create: (restored: RestoredState | undefined) => { state: unknown; description(): StateDescription },
  ): unknown {
    const { name } = wanted;
    const registered = this.#registered.get(name);
    if (registered !== undefined) {
      checkSame(registered, wanted);
      return registered.state;
    }
    const restored = this.#restored.get(name);
    if (restored !== undefined) {
      checkSame(restored, wanted);
    }
    const created = create(restored);
    // A savepoint may describe the same format better: by a Java class that the program reads as a type of its own.
    const description = restored?.description ?? created.description();
    this.#registered.set(name, { ...wanted, description, state: created.state as Registered['state'] });
    this.#restored.delete(name);
    return created.state;
  }

  #names(isWanted: (mode: Mode) => boolean): string[] {
    return [...this.#restored, ...this.#registered].flatMap(([name, { mode }]) => (isWanted(mode) ? [name] : []));
  }
}

function inputOf(bytes: Uint8Array, restored: RestoredState | undefined): SavepointInput {
  return new SavepointInput(bytes, restored?.source ?? 'operator state');
}

function checkSame(known: Pick<Registered, 'mode' | 'format'>, { name, mode, format }: Wanted): void {
  if (known.mode !== mode) {
    throw new StateMigrationError(`Operator state '${name}' is known as ${known.mode}, not as ${mode}.`);
  }
  if (known.format !== format) {
    throw new StateMigrationError(
      `Operator state '${name}' is stored by ${known.format}, and the new type writes ${format}.`,
    );
  }
}

function listDescription(name: string, mode: Mode, serializer: Described): StateDescription {
  return {
    ...{ name, backendType: 'OPERATOR', options: { [DISTRIBUTION_OPTION]: mode } },
    serializers: { VALUE_SERIALIZER: snapshotOf(serializer) },
  };
}

function broadcastDescription(
  name: string,
  { key, value }: { readonly key: Described; readonly value: Described },
): StateDescription {
  return {
    ...{ name, backendType: 'BROADCAST', options: { [DISTRIBUTION_OPTION]: 'BROADCAST' } },
    serializers: { VALUE_SERIALIZER: snapshotOf(value), KEY_SERIALIZER: snapshotOf(key) },
  };
}

function wrongDescriptor(what: string, wanted: string, received: unknown): TypeError {
  return typeError('ERR_INVALID_DESCRIPTOR', `${what} needs a ${wanted}; received ${describe(received)}.`);
}
