// How the elements of split state are dealt out: in even shares, each a row of neighbours, as Flink's
// RoundRobinOperatorStateRepartitioner does.

/** A row of neighbours. */
export interface Share {
  readonly begin: number;
  /** Exclusive. */
  readonly end: number;
}

/** To whom elements are dealt out, beginning with subtask `first`. */
export interface Deal {
  readonly first: number;
  readonly parallelism: number;
}

/** What of so many elements a subtask gets. */
export function shareOf(elements: number, subtask: number, { first, parallelism }: Deal): Share {
  const turn = (subtask - first + parallelism) % parallelism;
  const least = Math.floor(elements / parallelism);
  const more = elements % parallelism;
  const begin = turn * least + Math.min(turn, more);
  return { begin, end: begin + least + (turn < more ? 1 : 0) };
}

/** The deal of the next state: it begins with whoever was the first to get one element less. */
export function nextDeal(elements: number, { first, parallelism }: Deal): Deal {
  return { first: (first + (elements % parallelism)) % parallelism, parallelism };
}
