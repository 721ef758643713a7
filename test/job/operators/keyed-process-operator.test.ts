import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../../lib/api/descriptors.ts';
import type { ValueState } from '../../../lib/api/state.ts';
import { HashMapStateBackend } from '../../../lib/backend/hash-map-state-backend.ts';
import { Types } from '../../../lib/bytes/types.ts';
import type { KeyedCoProcessFunction, KeyedProcessFunction } from '../../../lib/job/functions/process-functions.ts';
import { keyedCoProcessOperator, keyedProcessOperator } from '../../../lib/job/operators/keyed-process-operator.ts';
import { OutputTag } from '../../../lib/job/operators/output.ts';
import {
  KeyedOperatorHarness,
  processElement,
  processElement1,
  processElement2,
} from '../../support/keyed-operator-harness.ts';
import { PLAIN_BACKENDS, withBackend } from '../../support/with-backend.ts';

const NONE = Number.NEGATIVE_INFINITY;
const side = new OutputTag<string>('side');

describe.each(Object.entries(PLAIN_BACKENDS))('keyed process on %s', (_name, create) => {
  it('keeps state of the key, and gives records the timestamp of their element', () =>
    withBackend(create, async (bench) => {
      let count!: ValueState<number>;
      const counting: KeyedProcessFunction<string, string, string> = {
        open(context) {
          count = context.getState(new ValueStateDescriptor('count', Types.LONG));
        },
        processElement(value, context, out) {
          count.update((count.value() ?? 0) + 1);
          out.collect(`${context.getCurrentKey()}${count.value()} ${value} ${context.timestamp}`);
          context.output(side, value);
        },
      };
      const operator = keyedProcessOperator(counting);
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement(harness, 'a', 'x', 5);
      await processElement(harness, 'b', 'y', 7);
      await processElement(harness, 'a', 'z');
      expect(harness.takeRecords()).toEqual([
        ['a1 x 5', 5],
        ['b1 y 7', 7],
        ['a2 z -Infinity', NONE],
      ]);
      expect(harness.sideOutput(side)).toEqual([
        ['x', 5],
        ['y', 7],
        ['z', NONE],
      ]);
    }));

  it('calls onTimer with the key, the time and its domain', () =>
    withBackend(create, async (bench) => {
      const timing: KeyedProcessFunction<string, number, string> = {
        processElement(at, { timerService }) {
          timerService.registerEventTimeTimer(at);
          timerService.registerEventTimeTimer(at);
          timerService.registerProcessingTimeTimer(at);
          timerService.registerEventTimeTimer(at + 1);
          timerService.deleteEventTimeTimer(at + 1);
        },
        onTimer(timestamp, context, out) {
          const { timeDomain, timerService } = context;
          out.collect(`${context.getCurrentKey()} ${timestamp} ${timeDomain} ${timerService.currentWatermark}`);
          context.output(side, timeDomain);
        },
      };
      const operator = keyedProcessOperator(timing);
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement(harness, 'a', 10, 1);
      await processElement(harness, 'b', 20, 2);
      await harness.watermark(15);
      await harness.clock(10);
      expect(harness.output).toEqual([
        ['a 10 EVENT_TIME 15', 10],
        { watermark: 15 },
        ['a 10 PROCESSING_TIME 15', NONE],
      ]);
      expect(harness.sideOutput(side)).toEqual([
        ['EVENT_TIME', 10],
        ['PROCESSING_TIME', 10],
      ]);
    }));

  it('goes on with timers and state after a restore', () =>
    withBackend(create, async (bench) => {
      const operator = keyedProcessOperator<string, number, string>({
        processElement: (at, { timerService }) => timerService.registerEventTimeTimer(at),
        onTimer: (timestamp, context, out) => out.collect(`${context.getCurrentKey()} ${timestamp}`),
      });
      const options = { bench, keyType: Types.STRING, operator };
      const before = await KeyedOperatorHarness.open(options);
      await processElement(before, 'a', 10);
      const handle = await before.snapshot(1);
      const after = await KeyedOperatorHarness.open({ ...options, restore: { storage: bench.storage, handle } });
      await after.watermark(10);
      expect(after.takeValues()).toEqual(['a 10']);
    }));

  it('waits for the promises of its function, also those of timers', () =>
    withBackend(create, async (bench) => {
      const done: string[] = [];
      const operator = keyedProcessOperator<string, number, string>({
        async processElement(at, context) {
          await Promise.resolve();
          context.timerService.registerEventTimeTimer(at);
          done.push('element');
        },
        async onTimer(timestamp, _context, out) {
          await Promise.resolve();
          done.push('timer');
          out.collect(`${timestamp}`);
        },
      });
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement(harness, 'a', 1);
      await harness.watermark(1);
      expect(done).toEqual(['element', 'timer']);
      expect(harness.output).toEqual([['1', 1], { watermark: 1 }]);
    }));

  it('shares state and timers between two inputs', () =>
    withBackend(create, async (bench) => {
      let last!: ValueState<string>;
      const pairing: KeyedCoProcessFunction<string, string, number, string> = {
        open(context) {
          last = context.getState(new ValueStateDescriptor('last', Types.STRING));
        },
        processElement1(value, { timestamp, timerService }) {
          last.update(value);
          timerService.registerEventTimeTimer(timestamp + 10);
        },
        processElement2(value, context, out) {
          out.collect(`${context.getCurrentKey()}: ${last.value()} ${value}`);
        },
        onTimer(timestamp, _context, out) {
          out.collect(`${last.value()} until ${timestamp}`);
        },
      };
      const operator = keyedCoProcessOperator(pairing);
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement1(harness, 'a', 'x', 1);
      await processElement2(harness, 'a', 1, 2);
      await processElement2(harness, 'b', 2, 3);
      await harness.watermark(11);
      expect(harness.takeRecords()).toEqual([
        ['a: x 1', 2],
        ['b: undefined 2', 3],
        ['x until 11', 11],
      ]);
    }));
});

describe('a process function', () => {
  it('may be the method alone', () =>
    withBackend(
      () => new HashMapStateBackend(),
      async (bench) => {
        const operator = keyedProcessOperator<string, number, number>((value, _context, out) => out.collect(value + 1));
        const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
        await processElement(harness, 'a', 1, 1);
        expect(harness.takeValues()).toEqual([2]);
      },
    ));

  it.each([undefined, null, 'f', {}])('is not %o', (given) => {
    expect(() => keyedProcessOperator(given as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_FUNCTION' }),
    );
    expect(() => keyedCoProcessOperator(given as never)).toThrow("an object or class with a method 'processElement1'");
  });
});
