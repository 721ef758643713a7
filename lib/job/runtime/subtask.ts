// One parallel instance of a task. It has its turns from the scheduler, in which it does one thing after another: letters that
// others have sent it, then records. What takes longer is waited for; nothing else happens in the subtask meanwhile.
import { CancelledError } from '../../errors.ts';
import type { MaybePromise } from '../operators/stream-operator.ts';
import { SourceOperator } from '../sources/source-operator.ts';
import type { Consumer, Producer } from './channel.ts';
import type { StopMode } from './executor.ts';
import { type GateChannel, type GateHandler, InputGate, type TaskInput } from './input-gate.ts';
import type { KeyedTimers } from './keyed-timers.ts';
import type { OperatorChain } from './operator-chain.ts';
import type { SubtaskClock } from './processing-time.ts';
import type { PendingWork } from './record-target.ts';
import { SourceInput } from './source-input.ts';
import { BARRIER, type Barrier, END_OF_DATA, StreamElement } from './stream-element.ts';
import type { Runnable, SubtaskScheduler } from './subtask-scheduler.ts';

// Records of a turn.
const TURN_RECORDS = 512;

/** Told of what becomes of a subtask. */
export interface SubtaskListener {
  /** Takes a snapshot of the subtask; settles when its state may be written again. */
  snapshot(subtask: Subtask, barrier: Barrier): Promise<void>;
  /** Its input has ended, and it has put out all that it had to. */
  reachedEnd(subtask: Subtask): void;
  failed(subtask: Subtask, error: unknown): void;
}

/** What a subtask is opened with. */
export interface SubtaskParts {
  readonly chain: OperatorChain;
  readonly timers: KeyedTimers;
  readonly clock: SubtaskClock;
  /** How the head takes records, one for each of its inputs. */
  readonly processElement: GateHandler['processElement'];
  readonly isExactlyOnce: boolean;
}

export class Subtask implements Runnable, Producer, Consumer, PendingWork, GateHandler {
  readonly name: string;
  blockers = 0;
  /** One for each input of the head; none until it is open. */
  processElement: GateHandler['processElement'] = [];
  readonly #scheduler: SubtaskScheduler;
  readonly #listener: SubtaskListener;
  readonly #channels: GateChannel[] = [];
  #mailbox: (() => MaybePromise)[] = [];
  // What the subtask waits for.
  readonly #work = new Set<Promise<void>>();
  #input: TaskInput | undefined;
  #parts: SubtaskParts | undefined;
  // Of calls that wait for their turn.
  readonly #calls = new Set<() => void>();
  #isStarted = false;
  #isClosed = false;
  #hasFailed = false;
  #closing: Promise<void> | undefined;

  constructor(name: string, scheduler: SubtaskScheduler, listener: SubtaskListener) {
    this.name = name;
    this.#scheduler = scheduler;
    this.#listener = listener;
  }

  get chain(): OperatorChain {
    return (this.#parts as SubtaskParts).chain;
  }

  /** What waits to be read. */
  get queued(): number {
    return this.#input instanceof InputGate ? this.#input.queued : 0;
  }

  get watermark(): number {
    return this.#input instanceof InputGate ? this.#input.watermark : Number.NaN;
  }

  get recordsIn(): number {
    return this.#input instanceof InputGate ? this.#input.recordsIn : 0;
  }

  /** What its source has read; 0 without one. */
  get recordsRead(): number {
    const head = this.#parts?.chain.head;
    return head instanceof SourceOperator ? head.recordsRead : 0;
  }

  /** What left its chain. */
  get recordsOut(): number {
    return this.#parts?.chain.recordsOut ?? 0;
  }

  /** Whether the subtask can't go on, as those that it writes to are slower. */
  get isBackPressured(): boolean {
    return this.blockers > (this.#work.size > 0 ? 1 : 0);
  }

  addChannel(channel: GateChannel): void {
    channel.channel.consumer = this;
    this.#channels.push(channel);
  }

  async open(parts: SubtaskParts): Promise<void> {
    this.#parts = parts;
    this.processElement = parts.processElement;
    const { head } = parts.chain;
    this.#input =
      head instanceof SourceOperator
        ? new SourceInput(head, this)
        : new InputGate(this.#channels, this, parts.isExactlyOnce);
    await parts.chain.open();
  }

  start(): void {
    this.#isStarted = true;
    this.#scheduler.schedule(this);
  }

  /** Lets something be done on the subtask's turn, before further records. */
  mail(letter: () => MaybePromise): void {
    this.#mailbox.push(letter);
    this.#scheduler.schedule(this);
  }

  run(): void {
    if (!this.#isStarted || this.#isClosed || this.#hasFailed) {
      return;
    }
    try {
      this.#readMail();
      if (this.blockers === 0 && this.#input?.process(TURN_RECORDS)) {
        this.inputArrived();
      }
      this.#parts?.timers.rearm();
    } catch (error) {
      this.fail(error);
    }
  }

  inputArrived(): void {
    if (this.blockers === 0) {
      this.#scheduler.schedule(this);
    }
  }

  outputFilled(): void {
    this.blockers++;
  }

  outputDrained(): void {
    this.blockers--;
    this.inputArrived();
  }

  waitFor(work: Promise<void>): void {
    if (this.#work.size === 0) {
      this.blockers++;
    }
    const done = work.then(
      () => {},
      (error) => this.fail(error),
    );
    this.#work.add(done);
    done.then(() => {
      this.#work.delete(done);
      if (this.#work.size === 0) {
        this.blockers--;
        this.#scheduler.schedule(this);
      }
    });
  }

  onWatermark(timestamp: number): void {
    const { chain, timers } = this.#opened;
    const work = timers.advanceWatermark(timestamp);
    if (work !== undefined) {
      this.waitFor(work.then(() => chain.head.processWatermark(timestamp)));
      return;
    }
    const rest = chain.head.processWatermark(timestamp);
    if (rest !== undefined) {
      this.waitFor(rest);
    }
  }

  onStatus(idle: boolean): void {
    const { chain } = this.#opened;
    if (this.#work.size === 0) {
      chain.emitStatus(idle);
    } else {
      // Behind the watermark that it follows: nobody heeds one of an idle input.
      this.waitFor(Promise.all(this.#work).then(() => chain.emitStatus(idle)));
    }
  }

  onBarrier(barrier: Barrier): void {
    this.waitFor(this.#snapshot(barrier));
  }

  onEndOfData(): void {
    // After what the chain is still busy with.
    this.mail(() => this.#end());
  }

  /** On the subtask's turn: lets a checkpoint begin at a source. */
  trigger(barrier: Barrier, stop: StopMode | undefined): void {
    if (stop !== undefined) {
      this.mail(() => this.#stopSource(stop));
    }
    this.mail(() => this.#snapshot(barrier));
  }

  abortCheckpoint(checkpointId: number): void {
    this.mail(() => {
      this.#input?.abortCheckpoint(checkpointId);
      return this.#opened.chain.notifyCheckpoint('notifyCheckpointAborted', checkpointId);
    });
  }

  /** Settles when all operators have done what a complete checkpoint allows them to. */
  completeCheckpoint(checkpointId: number): Promise<void> {
    return this.#call(() => this.chain.notifyCheckpoint('notifyCheckpointComplete', checkpointId));
  }

  fail(error: unknown): void {
    if (!this.#hasFailed && !this.#isClosed) {
      this.#hasFailed = true;
      this.#giveUpCalls();
      this.#listener.failed(this, error);
    }
  }

  /** Ends all work, after what is under way, and closes the operators. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  get #opened(): SubtaskParts {
    return this.#parts as SubtaskParts;
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    this.#giveUpCalls();
    this.#parts?.clock.end();
    await Promise.allSettled(this.#work);
    await this.#parts?.chain.close();
  }

  /** Lets something be done on the subtask's turn, and settles with it; or, where it has no turn any more, rejects. */
  #call(letter: () => MaybePromise): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(new CancelledError(`What '${this.name}' was asked for`, 'it does not run any more'));
      if (this.#isClosed || this.#hasFailed) {
        giveUp();
        return;
      }
      this.#calls.add(giveUp);
      this.mail(async () => {
        try {
          await letter();
          resolve();
        } catch (error) {
          reject(error);
        } finally {
          this.#calls.delete(giveUp);
        }
      });
    });
  }

  #giveUpCalls(): void {
    for (const giveUp of this.#calls) {
      giveUp();
    }
    this.#calls.clear();
  }

  async #snapshot(barrier: Barrier): Promise<void> {
    const { chain } = this.#opened;
    await chain.snapshotState(barrier.checkpointId);
    chain.broadcast(new StreamElement(BARRIER, barrier, 0));
    await this.#listener.snapshot(this, barrier);
  }

  #stopSource(mode: StopMode): void {
    const source = this.chain.head as SourceOperator;
    if (!source.hasEnded) {
      source.stop(mode === 'drain');
      if (mode === 'drain') {
        // Before the snapshot, which is a letter already.
        this.#mailbox.unshift(() => this.#end());
      }
    }
  }

  async #end(): Promise<void> {
    const { chain, clock } = this.#opened;
    clock.end();
    await chain.endInput();
    chain.broadcast(new StreamElement(END_OF_DATA, undefined, 0));
    this.#listener.reachedEnd(this);
  }

  #readMail(): void {
    while (this.#work.size === 0) {
      const letter = this.#mailbox.shift();
      if (letter === undefined) {
        return;
      }
      const work = letter();
      if (work !== undefined) {
        this.waitFor(work);
      }
    }
  }
}
