// What states should hold, in plain Maps: the oracle of model tests.

/** A key and a namespace, by what they are. */
export interface Place {
  readonly key: string | number;
  readonly window: string | number;
}

/** What one state holds, by place. A place without anything is not in it. */
export class Cells<T> {
  readonly #cells: Map<string, T>;

  constructor(cells: Iterable<readonly [string, T]> = []) {
    this.#cells = new Map(cells);
  }

  get({ key, window }: Place): T | undefined {
    return this.#cells.get(JSON.stringify([key, window]));
  }

  set({ key, window }: Place, value: T): void {
    this.#cells.set(JSON.stringify([key, window]), value);
  }

  delete({ key, window }: Place): void {
    this.#cells.delete(JSON.stringify([key, window]));
  }

  places(): Place[] {
    return [...this.#cells.keys()].map((place) => {
      const [key, window] = JSON.parse(place) as [Place['key'], Place['window']];
      return { key, window };
    });
  }

  values(): T[] {
    return [...this.#cells.values()];
  }

  copy(): Cells<T> {
    return new Cells(this.#cells);
  }
}

/** Letters in the order of adding, which merging need not keep. */
export class Letters {
  readonly text: string;
  readonly isOrdered: boolean;

  constructor(text = '', isOrdered = true) {
    this.text = text;
    this.isOrdered = isOrdered;
  }

  /** All of them, some with what nobody added to in order. */
  static merged(parts: readonly Letters[]): Letters {
    const some = parts.filter(({ text }) => text !== '');
    return new Letters(some.map(({ text }) => text).join(''), some.length < 2 && some.every((each) => each.isOrdered));
  }

  plus(text: string): Letters {
    return new Letters(this.text + text, this.isOrdered);
  }

  /** The text, or its letters sorted when their order is open. */
  comparable(text: string = this.text): string {
    return this.isOrdered ? text : [...text].sort().join('');
  }
}

/** The contents of a value state, a map state and several states that letters are added to. */
export class Model {
  readonly value: Cells<string>;
  readonly map: Cells<ReadonlyMap<string, number | null>>;
  readonly #letters: ReadonlyMap<string, Cells<Letters>>;

  constructor(value: Model['value'], map: Model['map'], letters: ReadonlyMap<string, Cells<Letters>>) {
    this.value = value;
    this.map = map;
    this.#letters = letters;
  }

  static empty(appending: readonly string[]): Model {
    return new Model(new Cells(), new Cells(), new Map(appending.map((name) => [name, new Cells()])));
  }

  copy(): Model {
    const letters = [...this.#letters].map(([name, cells]) => [name, cells.copy()] as const);
    return new Model(this.value.copy(), this.map.copy(), new Map(letters));
  }

  /** Of the state with this name. */
  letters(name: string): Cells<Letters> {
    return this.#letters.get(name) as Cells<Letters>;
  }

  /** Of any state. */
  cells(name: string): Cells<unknown> {
    return this.#letters.get(name) ?? (name === 'map' ? this.map : this.value);
  }

  /** Rows that a backend needs for all this. */
  get rows(): number {
    const maps = this.map.values().reduce((sum, map) => sum + map.size, 0);
    const letters = [...this.#letters.values()].reduce((sum, cells) => sum + cells.values().length, 0);
    return this.value.values().length + maps + letters;
  }
}
