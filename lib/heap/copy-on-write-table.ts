// The rows of one state in memory: per key group a trie over the hash of the row's id. Nothing that a view can see is ever
// changed: nodes and rows bear the version that wrote them, and those of an older version are replaced by copies, along
// one path. So a view costs nothing when taken, however large the table, and there is no rehashing that could take long.
//
//   key group → Branch ─16─ Branch ─16─ Leaf [Row, Row, …]
import type { KeyGroupRange } from '../api/checkpoint.ts';
import type { SnapshotVersions } from './snapshot-versions.ts';

const BITS = 4;
const FANOUT = 1 << BITS;
const LEAF_ROWS = 8;
const RECENT_ROWS = 2048;
/** Below this depth no bits of the hash are left, and leaves hold any number of rows. */
const MAX_DEPTH = 32 / BITS;

/** Where a row is. */
export interface RowAddress {
  readonly keyGroup: number;
  /** Unique within the key group. */
  readonly id: string;
  /** 32 bits, the same for the same id. */
  readonly hash: number;
  /** Whether the id is this one, where that can be told without making it. */
  hasId?(id: string): boolean;
  /** Of an address that moves from row to row: another number for each. */
  readonly use?: number;
  /** Of such an address: one that stays at the row. */
  lasting?(): RowAddress;
}

/** A row, to be read only. */
export interface Row<V> {
  readonly id: string;
  readonly value: V;
  /** When the value was set. */
  readonly version: number;
}

/** The table as it was when the view was taken. */
export interface TableView<V> {
  /** Those that have rows, in order. */
  keyGroups(): number[];
  size(keyGroup: number): number;
  /** In no particular order. */
  rows(keyGroup: number): Iterable<Row<V>>;
}

interface StoredRow<V> extends Row<V> {
  readonly hash: number;
  value: V;
}

class Leaf<V> {
  readonly version: number;
  rows: StoredRow<V>[];

  constructor(version: number, rows: StoredRow<V>[]) {
    this.version = version;
    this.rows = rows;
  }

  get size(): number {
    return this.rows.length;
  }
}

class Branch<V> {
  readonly version: number;
  readonly children: (Leaf<V> | Branch<V> | undefined)[];
  /** Rows below. */
  size: number;

  constructor(version: number, children: (Leaf<V> | Branch<V> | undefined)[], size: number) {
    this.version = version;
    this.children = children;
    this.size = size;
  }
}

type Node<V> = Leaf<V> | Branch<V>;

export class CopyOnWriteTable<V> {
  readonly #versions: SnapshotVersions;
  readonly keyGroupRange: KeyGroupRange;
  readonly #firstKeyGroup: number;
  #groups: (Node<V> | undefined)[];
  #groupsVersion: number;
  // What was looked for last, and found: what is read is often written then. Of other addresses nothing is known.
  #lastAddress: RowAddress | undefined;
  #lastUse: number | undefined;
  #lastRow: StoredRow<V> | undefined;
  // By bits of the hash, rows that were found or set last, as they are in the table now; with their key groups.
  readonly #recent: (StoredRow<V> | undefined)[] = [];
  readonly #recentGroups: number[] = [];

  constructor(versions: SnapshotVersions, range: KeyGroupRange) {
    this.#versions = versions;
    this.keyGroupRange = range;
    this.#firstKeyGroup = range.start;
    this.#groups = new Array(range.end - range.start + 1).fill(undefined);
    this.#groupsVersion = versions.current;
  }

  get(address: RowAddress): Row<V> | undefined {
    return address === this.#lastAddress && address.use === this.#lastUse ? this.#lastRow : this.#find(address);
  }

  set(address: RowAddress, value: V): void {
    const version = this.#versions.current;
    const present = this.get(address) as StoredRow<V> | undefined;
    if (present?.version === version) {
      present.value = value;
      return;
    }
    const { id, hash } = address;
    const groups = this.#ownGroups();
    const index = address.keyGroup - this.#firstKeyGroup;
    const row = { id, value, version, hash };
    groups[index] = this.#put(groups[index], 0, row, present === undefined ? 1 : 0);
    this.#lastRow = row;
    this.#keepAtHand(address.keyGroup, row);
  }

  delete(address: RowAddress): void {
    if (this.get(address) !== undefined) {
      const groups = this.#ownGroups();
      const index = address.keyGroup - this.#firstKeyGroup;
      groups[index] = this.#remove(groups[index] as Node<V>, 0, address);
      this.#lastRow = undefined;
      this.#recent[placeOf(address)] = undefined;
    }
  }

  /** Freezes the table and shows it as it is now. */
  freeze(): TableView<V> {
    this.#versions.freeze();
    return this.view();
  }

  /**
   * The table as it is now, when the versions have just been frozen; else it may show a row as it was at any time since, or
   * miss it.
   */
  view(): TableView<V> {
    const groups = this.#groups;
    const first = this.#firstKeyGroup;
    return {
      keyGroups: () => groups.flatMap((node, index) => (node === undefined ? [] : first + index)),
      size: (keyGroup) => groups[keyGroup - first]?.size ?? 0,
      rows: (keyGroup) => rowsOf(groups[keyGroup - first]),
    };
  }

  #find(address: RowAddress): StoredRow<V> | undefined {
    const place = placeOf(address);
    const recent = this.#recent[place];
    const isRecent = recent !== undefined && this.#recentGroups[place] === address.keyGroup && isAt(recent, address);
    const row = isRecent ? recent : this.#findInGroup(address);
    this.#lastAddress = address;
    this.#lastUse = address.use;
    this.#lastRow = row;
    if (!isRecent && row !== undefined) {
      this.#keepAtHand(address.keyGroup, row);
    }
    return row;
  }

  #findInGroup(address: RowAddress): StoredRow<V> | undefined {
    let node = this.#groups[address.keyGroup - this.#firstKeyGroup];
    for (let depth = 0; node instanceof Branch; depth++) {
      node = node.children[slotOf(address.hash, depth)];
    }
    return node === undefined ? undefined : findIn(node.rows, address);
  }

  #keepAtHand(keyGroup: number, row: StoredRow<V>): void {
    if (this.#recent.length === 0) {
      for (let place = 0; place < RECENT_ROWS; place++) {
        this.#recent.push(undefined);
        this.#recentGroups.push(0);
      }
    }
    const place = placeOf(row);
    this.#recent[place] = row;
    this.#recentGroups[place] = keyGroup;
  }

  #ownGroups(): (Node<V> | undefined)[] {
    if (this.#groupsVersion !== this.#versions.current) {
      this.#groups = this.#groups.slice();
      this.#groupsVersion = this.#versions.current;
    }
    return this.#groups;
  }

  /** Answers the node in which the row is set. @param growth - 1 for a new row, else 0. */
  #put(node: Node<V> | undefined, depth: number, row: StoredRow<V>, growth: number): Node<V> {
    const version = this.#versions.current;
    if (node === undefined) {
      return new Leaf(version, [row]);
    }
    if (node instanceof Leaf) {
      const rows = growth === 1 ? [...node.rows, row] : node.rows.map((other) => (other.id === row.id ? row : other));
      return rows.length > LEAF_ROWS && depth < MAX_DEPTH ? this.#split(rows, depth) : own(node, version, rows);
    }
    const branch = node.version === version ? node : new Branch(version, node.children.slice(), node.size);
    const slot = slotOf(row.hash, depth);
    branch.children[slot] = this.#put(branch.children[slot], depth + 1, row, growth);
    branch.size += growth;
    return branch;
  }

  #split(rows: readonly StoredRow<V>[], depth: number): Node<V> {
    let branch: Node<V> = new Branch(this.#versions.current, new Array(FANOUT).fill(undefined), 0);
    for (const row of rows) {
      branch = this.#put(branch, depth, row, 1);
    }
    return branch;
  }

  /** Answers the node without the row, which is there; `undefined` when no other is. */
  #remove(node: Node<V>, depth: number, address: RowAddress): Node<V> | undefined {
    const version = this.#versions.current;
    if (node.size === 1) {
      return undefined;
    }
    if (node instanceof Leaf) {
      return own(
        node,
        version,
        node.rows.filter((row) => row.id !== address.id),
      );
    }
    const branch = node.version === version ? node : new Branch(version, node.children.slice(), node.size);
    const slot = slotOf(address.hash, depth);
    branch.children[slot] = this.#remove(branch.children[slot] as Node<V>, depth + 1, address);
    branch.size--;
    return branch;
  }
}

function placeOf({ hash }: { readonly hash: number }): number {
  return hash & (RECENT_ROWS - 1);
}

function findIn<V>(rows: readonly StoredRow<V>[], address: RowAddress): StoredRow<V> | undefined {
  for (const row of rows) {
    if (isAt(row, address)) {
      return row;
    }
  }
  return undefined;
}

function isAt({ id, hash }: StoredRow<unknown>, address: RowAddress): boolean {
  return hash === address.hash && (address.hasId === undefined ? id === address.id : address.hasId(id));
}

function own<V>(leaf: Leaf<V>, version: number, rows: StoredRow<V>[]): Leaf<V> {
  if (leaf.version !== version) {
    return new Leaf(version, rows);
  }
  leaf.rows = rows;
  return leaf;
}

function slotOf(hash: number, depth: number): number {
  return (hash >>> (depth * BITS)) & (FANOUT - 1);
}

function* rowsOf<V>(root: Node<V> | undefined): Iterable<Row<V>> {
  const stack = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (node instanceof Leaf) {
      yield* node.rows;
    } else if (node !== undefined) {
      stack.push(...node.children);
    }
  }
}
