import { describe, expect, it } from 'vitest';
import { MapStateDescriptor, ValueStateDescriptor } from '../../../lib/api/descriptors.ts';
import type { ValueState } from '../../../lib/api/state.ts';
import { HashMapStateBackend } from '../../../lib/backend/hash-map-state-backend.ts';
import { Types } from '../../../lib/bytes/types.ts';
import type { KeyedBroadcastProcessFunction } from '../../../lib/job/functions/broadcast-functions.ts';
import {
  broadcastProcessOperator,
  keyedBroadcastProcessOperator,
} from '../../../lib/job/operators/broadcast-process-operator.ts';
import { OutputTag } from '../../../lib/job/operators/output.ts';
import { KeyedOperatorHarness, processElement1, processElement2 } from '../../support/keyed-operator-harness.ts';
import { PLAIN_BACKENDS, withBackend } from '../../support/with-backend.ts';

const rules = new MapStateDescriptor('rules', Types.STRING, Types.LONG);
const side = new OutputTag<number>('side');

describe.each(Object.entries(PLAIN_BACKENDS))('broadcast process on %s', (_name, create) => {
  it('gives a keyed stream what was broadcast, and its timers too', () =>
    withBackend(create, async (bench) => {
      let last!: ValueState<number>;
      const lastDescriptor = new ValueStateDescriptor('last', Types.LONG);
      const applying: KeyedBroadcastProcessFunction<string, number, readonly [string, number], string> = {
        open(context) {
          last = context.getState(lastDescriptor);
        },
        processElement(value, context, out) {
          last.update(value);
          context.timerService.registerEventTimeTimer(context.timestamp + 10);
          out.collect(
            `${context.getCurrentKey()} ${value} by ${[...context.getBroadcastState(rules).immutableEntries()]}`,
          );
          context.output(side, value);
        },
        processBroadcastElement([name, value], context, out) {
          context.getBroadcastState(rules).put(name, value);
          context.applyToKeyedState(lastDescriptor, (key, state) => out.collect(`${key} had ${state.value()}`));
        },
        onTimer(timestamp, context, out) {
          const { timeDomain, currentWatermark } = context;
          const rule = context.getBroadcastState(rules).get('r');
          out.collect(`${context.getCurrentKey()} ${timestamp} ${timeDomain} at ${currentWatermark} by ${rule}`);
        },
      };
      const operator = keyedBroadcastProcessOperator(applying, [rules]);
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement1(harness, 'a', 1, 1);
      await processElement2(harness, 'a', ['r', 7], 2);
      await processElement1(harness, 'a', 2, 3);
      await harness.watermark(12);
      expect(harness.takeRecords()).toEqual([
        ['a 1 by ', 1],
        ['a had 1', 2],
        ['a 2 by r,7', 3],
        ['a 11 EVENT_TIME at 12 by 7', 11],
      ]);
      expect(harness.sideOutput(side)).toEqual([
        [1, 1],
        [2, 3],
      ]);
    }));
});

describe('broadcast process without keys', () => {
  const create = () => new HashMapStateBackend();

  it('gives a stream what was broadcast', () =>
    withBackend(create, async (bench) => {
      const operator = broadcastProcessOperator<number, number, string>(
        {
          processElement(value, context, out) {
            const { timestamp, currentWatermark } = context;
            const factor = context.getBroadcastState(rules).get('factor') ?? 1;
            out.collect(`${value * factor} ${timestamp} ${currentWatermark} ${context.currentProcessingTime()}`);
          },
          processBroadcastElement(value, context) {
            context.getBroadcastState(rules).put('factor', value);
          },
        },
        [rules],
      );
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await processElement1(harness, 'any', 5, 1);
      await processElement2(harness, 'any', 10, 2);
      await harness.watermark(2);
      await processElement1(harness, 'any', 6, 3);
      expect(harness.takeRecords()).toEqual([
        ['5 1 -Infinity 0', 1],
        ['60 3 2 0', 3],
      ]);
    }));

  it('refuses a state that the stream was not broadcast with', () =>
    withBackend(create, async (bench) => {
      const other = new MapStateDescriptor('other', Types.STRING, Types.LONG);
      const operator = broadcastProcessOperator<number, number, string>(
        {
          processElement: (_value, context) => {
            context.getBroadcastState(other);
          },
          processBroadcastElement() {},
        },
        [rules],
      );
      const harness = await KeyedOperatorHarness.open({ bench, keyType: Types.STRING, operator });
      await expect(processElement1(harness, 'any', 1)).rejects.toThrow(
        'The stream is not broadcast with a state named "other", but with "rules".',
      );
    }));

  it('refuses a function without both methods', () => {
    const half = { processElement() {} } as never;
    expect(() => broadcastProcessOperator(half, [])).toThrow(
      "an object or class with a method 'processBroadcastElement'",
    );
    expect(() => keyedBroadcastProcessOperator(half, [])).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_FUNCTION' }),
    );
  });
});
