// What a checkpoint costs: its first one, incremental ones after a share of the rows has changed, and full ones.
import { Samples } from '../harness/samples.ts';
import { inTurns, SameWork } from './both-sides.ts';
import { KEY_GROUPS } from './rows.ts';
import { type OpenRequest, type Settings, type Side, settle, type Taken } from './side.ts';

const SHARES = [0.01, 0.1, 0.5];
const SHARE_BEFORE_FULL = 0.01;
const NAME = 'state';
const NAMES = [NAME];
const ALL = { start: 0, end: KEY_GROUPS - 1 };

export interface CostMeasuring {
  readonly sides: readonly Side[];
  readonly settings: Settings;
  readonly repetitions: number;
}

export async function measureCosts(measuring: CostMeasuring): Promise<Samples> {
  const run = new CostRun(measuring);
  await run.fill();
  for (let repetition = 0; repetition < measuring.repetitions; repetition++) {
    for (const share of SHARES) {
      await run.change(`incremental, ${share * 100} % changed`, share, repetition);
    }
  }
  await run.reopenForFull();
  for (let repetition = 0; repetition < measuring.repetitions; repetition++) {
    await run.change('full', SHARE_BEFORE_FULL, repetition);
  }
  return run.samples;
}

class CostRun {
  readonly samples = new Samples();
  readonly #measuring: CostMeasuring;
  readonly #sameWork = new SameWork();
  readonly #directories = new Map<Side, string>();
  // Round and checkpoint have the same number.
  #round = 1;

  constructor(measuring: CostMeasuring) {
    this.#measuring = measuring;
  }

  fill(): Promise<void> {
    return inTurns(this.#measuring.sides, 0, async (side) => {
      await this.#open(side, { 'execution.checkpointing.incremental': 'true' }, {});
      const written = await side.write({ names: NAMES, round: this.#round });
      this.#sameWork.check('fill', written);
      this.#add('the first one', side, await this.#checkpoint(side));
    });
  }

  async change(row: string, share: number, repetition: number): Promise<void> {
    this.#round++;
    await inTurns(this.#measuring.sides, repetition, async (side) => {
      const written = await side.write({ names: NAMES, round: this.#round, share });
      this.#sameWork.check(`round ${this.#round}`, written);
      this.#add(row, side, await this.#checkpoint(side));
      await side.discard(this.#round - 1);
    });
  }

  reopenForFull(): Promise<void> {
    return inTurns(this.#measuring.sides, 0, async (side) => {
      await side.close(NAMES);
      await this.#open(side, { 'execution.checkpointing.incremental': 'false' }, { checkpoint: this.#round });
    });
  }

  async #open(side: Side, settings: Settings, request: Partial<OpenRequest>): Promise<void> {
    const all = { ...this.#measuring.settings, ...settings };
    const { directory } = await side.open({ name: NAME, range: ALL, settings: all, ...request });
    this.#directories.set(side, directory);
  }

  async #checkpoint(side: Side): Promise<Taken> {
    await settle(this.#directories.get(side) as string);
    return side.checkpoint(this.#round, NAMES);
  }

  #add(row: string, { name }: Side, taken: Taken): void {
    console.log(
      `${row}, ${name}: ${Math.round(taken.totalMs)} ms, ${Math.round(taken.writtenBytes / 1e6)} of ${Math.round(taken.sizeBytes / 1e6)} MB`,
    );
    this.samples.add(row, name, { ...taken });
  }
}
