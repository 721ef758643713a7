import { describe, expect, it } from 'vitest';
import { HashMapStateBackend } from '../../../lib/backend/hash-map-state-backend.ts';
import { Types } from '../../../lib/bytes/types.ts';
import { OutputTag } from '../../../lib/job/operators/output.ts';
import { coProcessOperator, processOperator } from '../../../lib/job/operators/process-operator.ts';
import {
  KeyedOperatorHarness,
  processElement,
  processElement1,
  processElement2,
} from '../../support/keyed-operator-harness.ts';
import { withBackend } from '../../support/with-backend.ts';

const create = () => new HashMapStateBackend();

describe('process', () => {
  it('tells its function of time, and puts out beside the main output', () =>
    withBackend(create, async (bench) => {
      const side = new OutputTag<string>('side');
      const operator = processOperator<string, string>((value, context, out) => {
        const { timestamp, timerService } = context;
        out.collect(`${value} ${timestamp} ${timerService.currentWatermark} ${timerService.currentProcessingTime()}`);
        context.output(side, value);
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement(harness, 'any', 'x', 5);
      await harness.watermark(7);
      await harness.clock(9);
      await processElement(harness, 'any', 'y', 8);
      expect(harness.output).toEqual([['x 5 -Infinity 0', 5], { watermark: 7 }, ['y 8 7 9', 8]]);
      expect(harness.sideOutput(side)).toEqual([
        ['x', 5],
        ['y', 8],
      ]);
    }));

  it('has no timers without keys', () =>
    withBackend(create, async (bench) => {
      const operator = processOperator<number, never>((at, { timerService }) =>
        timerService.registerEventTimeTimer(at),
      );
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await expect(processElement(harness, 'any', 1)).rejects.toThrow('Call keyBy before process.');
    }));

  it('hands two inputs to one function', () =>
    withBackend(create, async (bench) => {
      const operator = coProcessOperator<string, number, string>({
        processElement1: (value, { timestamp }, out) => out.collect(`first ${value} ${timestamp}`),
        processElement2: (value, { timestamp }, out) => out.collect(`second ${value} ${timestamp}`),
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement1(harness, 'any', 'x', 1);
      await processElement2(harness, 'any', 2, 2);
      expect(harness.takeRecords()).toEqual([
        ['first x 1', 1],
        ['second 2 2', 2],
      ]);
    }));
});
