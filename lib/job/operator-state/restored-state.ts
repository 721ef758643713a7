// What a new subtask gets of the operator state of all old ones. Elements stay bytes until the program asks for their state.
import type { OperatorStateOffsets, StoredOperatorState, SubtaskOperatorState } from '../../api/operator-state.ts';
import type { SerializerLookup } from '../../api/savepoint.ts';
import { RestoreError } from '../../errors.ts';
import { nativeSnappy } from '../../savepoint/native-snappy.ts';
import { modeOf } from '../../savepoint/operator-state.ts';
import { elementBytesOf } from '../../savepoint/operator-state-elements.ts';
import { type OperatorStateHeader, readOperatorStateHeader } from '../../savepoint/operator-state-header.ts';
import { SavepointInput } from '../../savepoint/savepoint-input.ts';
import { SavepointTypes } from '../../savepoint/savepoint-types.ts';
import type { StateDescription } from '../../savepoint/state-description.ts';
import { type Deal, nextDeal, shareOf } from './shares.ts';

/** A subtask among those that the state is dealt out to. */
export interface SubtaskPlace {
  /** From 0 on. */
  readonly subtaskIndex: number;
  readonly parallelism: number;
}

/** A state that a subtask begins with. */
export interface RestoredState {
  readonly description: StateDescription;
  readonly mode: OperatorStateOffsets['mode'];
  /** Identifies the byte format of elements; of a map, of keys and values. */
  readonly format: string;
  /** Of broadcast state, one at most: all entries. */
  readonly elements: readonly Uint8Array[];
  /**
   * What this subtask writes into snapshots as long as the program does not ask for the state. Each element of union state is
   * in one subtask's only: whoever restores the snapshots gets all of them anyway.
   */
  readonly carried: readonly Uint8Array[];
  /** What was read, for messages. */
  readonly source: string;
}

/** What an old subtask has of a state. */
interface Part {
  readonly subtask: number;
  readonly description: StateDescription;
  readonly mode: OperatorStateOffsets['mode'];
  readonly format: string;
  readonly elements: readonly Uint8Array[];
}

/** In the order of subtasks. */
type Parts = readonly [Part, ...Part[]];

/**
 * The states that a subtask begins with, in the order of their names.
 *
 * @throws RestoreError when old subtasks disagree on a state; SavepointFormatError or UnknownSerializerError when what is stored
 *   can't be read.
 */
export function restoredStates(stored: StoredOperatorState, place: SubtaskPlace): Map<string, RestoredState> {
  const { parallelism, source } = stored;
  const isSame = parallelism === place.parallelism;
  const restored = new Map<string, RestoredState>();
  let deal: Deal = { first: 0, parallelism: place.parallelism };
  for (const [name, parts] of partsByName(stored)) {
    const [{ description, mode, format }] = parts;
    const given = isSame ? kept(parts, place) : dealt(parts, place, deal);
    restored.set(name, { description, mode, format, source, ...given });
    if (mode === 'SPLIT_DISTRIBUTE') {
      deal = nextDeal(allOf(parts).length, deal);
    }
  }
  return restored;
}

type Given = Pick<RestoredState, 'elements' | 'carried'>;

function kept(parts: Parts, { subtaskIndex }: SubtaskPlace): Given {
  const own = parts.find(({ subtask }) => subtask === subtaskIndex);
  if (parts[0].mode === 'BROADCAST') {
    return own === undefined ? copyFor(parts, subtaskIndex) : whole(own);
  }
  const carried = own?.elements ?? [];
  return { elements: parts[0].mode === 'UNION' ? allOf(parts) : carried, carried };
}

function dealt(parts: Parts, { subtaskIndex }: SubtaskPlace, deal: Deal): Given {
  const [{ mode }] = parts;
  if (mode === 'BROADCAST') {
    return copyFor(parts, subtaskIndex);
  }
  const all = allOf(parts);
  const { begin, end } = shareOf(all.length, subtaskIndex, mode === 'UNION' ? { ...deal, first: 0 } : deal);
  const carried = all.slice(begin, end);
  return { elements: mode === 'UNION' ? all : carried, carried };
}

// Of one of the subtasks that have it, in turn.
function copyFor(parts: Parts, subtaskIndex: number): Given {
  return whole(parts[subtaskIndex % parts.length] as Part);
}

function whole({ elements }: Part): Given {
  return { elements, carried: elements };
}

function allOf(parts: Parts): Uint8Array[] {
  return parts.flatMap(({ elements }) => elements);
}

// In the order of the names, which is the same in all subtasks.
function partsByName(stored: StoredOperatorState): [name: string, parts: Parts][] {
  const types = stored.types ?? new SavepointTypes();
  const found = new Map<string, [Part, ...Part[]]>();
  for (const subtask of stored.subtasks.toSorted((a, b) => a.subtask - b.subtask)) {
    for (const part of readParts(subtask, stored.source, types)) {
      const { name } = part.description;
      const parts = found.get(name);
      if (parts === undefined) {
        found.set(name, [part]);
      } else {
        checkSame(parts[0], part, stored.source);
        parts.push(part);
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function readParts(stored: SubtaskOperatorState, of: string, types: SerializerLookup): Part[] {
  const { bytes, states, subtask } = stored;
  const source = `${of}, subtask ${subtask}`;
  const header = readOperatorStateHeader(new SavepointInput(bytes, source), types.forms);
  const elements = elementBytesOf({ bytes, source, states, ...(header.compressed && { codec: nativeSnappy }) }, header);
  const modes = new Map(states.map(({ name, mode }) => [name, mode]));
  return statesOf(header).map((description) => {
    const { name } = description;
    return {
      ...{ subtask, description, mode: modes.get(name) ?? modeOf(description) },
      ...{ format: formatOf(description, types), elements: elements.get(name) ?? [] },
    };
  });
}

function statesOf({ lists, broadcasts }: OperatorStateHeader): StateDescription[] {
  return [...lists, ...broadcasts];
}

function formatOf({ serializers }: StateDescription, types: SerializerLookup): string {
  const { KEY_SERIALIZER: key, VALUE_SERIALIZER: value } = serializers;
  return [key, value].flatMap((snapshot) => (snapshot === undefined ? [] : types.idOf(snapshot))).join(', ');
}

function checkSame(known: Part, other: Part, source: string): void {
  if (known.mode !== other.mode || known.format !== other.format) {
    throw new RestoreError(
      `Subtasks ${known.subtask} and ${other.subtask} of ${source} disagree on state '${known.description.name}': ` +
        `${known.mode} of ${known.format}, and ${other.mode} of ${other.format}.`,
    );
  }
}
