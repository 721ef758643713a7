// What the function of a window is told, for the window that is current.
import type { InternalTimerService } from '../../api/timers.ts';
import { FunctionRuntimeContext } from '../functions/function-runtime-context.ts';
import type { KeyedStateStore } from '../functions/rich-function.ts';
import type { ProcessWindowContext } from '../functions/window-functions.ts';
import type { OutputTag } from '../operators/output.ts';
import type { OperatorContext } from '../operators/stream-operator.ts';
import type { PartitionedStates } from './partitioned-states.ts';
import { maxTimestamp, type Window } from './window.ts';
import { WindowStateStore } from './window-state-store.ts';

/** What the context is made of. */
export interface WindowFunctionParts<W extends Window> {
  readonly operator: OperatorContext;
  readonly timers: InternalTimerService<W>;
  /** Undefined for windows that merge: a state's window would have to move with them. */
  readonly states: PartitionedStates<W> | undefined;
}

export class WindowFunctionContext<W extends Window> implements ProcessWindowContext<W> {
  readonly #operator: OperatorContext;
  readonly #timers: InternalTimerService<W>;
  readonly #windowState: KeyedStateStore | undefined;
  readonly #globalState: KeyedStateStore;
  #window: W | undefined;

  constructor({ operator, timers, states }: WindowFunctionParts<W>) {
    this.#operator = operator;
    this.#timers = timers;
    this.#windowState = states && new WindowStateStore(states, () => this.window);
    this.#globalState = new FunctionRuntimeContext(operator);
  }

  /** Makes a window the current one. */
  enter(window: W): this {
    this.#window = window;
    return this;
  }

  get window(): W {
    return this.#window as W;
  }

  get currentWatermark(): number {
    return this.#timers.currentWatermark;
  }

  currentProcessingTime(): number {
    return this.#timers.currentProcessingTime();
  }

  windowState(): KeyedStateStore {
    if (this.#windowState === undefined) {
      throw new Error('Windows that merge, such as sessions, have no state of their own; use globalState().');
    }
    return this.#windowState;
  }

  globalState(): KeyedStateStore {
    return this.#globalState;
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#operator.output.collectSide(tag, value, maxTimestamp(this.window));
  }
}
