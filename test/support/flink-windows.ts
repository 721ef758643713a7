// The windows of Flink's jobs, as `Windows.java` has them, here.
import type { AggregateFunction } from '../../lib/api/functions.ts';
import type { TimeWindow } from '../../lib/bytes/time-window.ts';
import { Types } from '../../lib/bytes/types.ts';
import type { ProcessWindowFunction } from '../../lib/job/functions/window-functions.ts';
import type { OneInputOperator, OperatorFactory } from '../../lib/job/operators/stream-operator.ts';
import { EventTimeSessionWindows } from '../../lib/job/windows/assigners/event-time-session-windows.ts';
import { GlobalWindows } from '../../lib/job/windows/assigners/global-windows.ts';
import { SlidingEventTimeWindows } from '../../lib/job/windows/assigners/sliding-event-time-windows.ts';
import { TumblingEventTimeWindows } from '../../lib/job/windows/assigners/tumbling-event-time-windows.ts';
import { CountEvictor } from '../../lib/job/windows/evictors/count-evictor.ts';
import { CountTrigger } from '../../lib/job/windows/triggers/count-trigger.ts';
import { PurgingTrigger } from '../../lib/job/windows/triggers/purging-trigger.ts';
import type { Window } from '../../lib/job/windows/window.ts';
import { aggregatedContents, elementContents, reducedContents } from '../../lib/job/windows/window-contents.ts';
import { windowOperator } from '../../lib/job/windows/window-operator.ts';
import type { GoldenType } from './flink-goldens.ts';
import { neutral } from './neutral-values.ts';

/** The number of a key, and a time. */
export type FlinkEvent = [number: number, timeMs: number];

const EVENT: GoldenType = ['TUPLE', 'INT', 'LONG'];
const eventType = Types.TUPLE(Types.INT, Types.LONG);
const PAIR: GoldenType = ['TUPLE', 'STRING', 'LONG'];

const later = (first: FlinkEvent, second: FlinkEvent): FlinkEvent => (first[1] < second[1] ? second : first);

const averageTime: AggregateFunction<FlinkEvent, [number, number], number> = {
  createAccumulator: () => [0, 0],
  add: ([, timeMs], [sum, count]) => [sum + timeMs, count + 1],
  getResult: ([sum, count]) => sum / count,
  merge: ([sum, count], [otherSum, otherCount]) => [sum + otherSum, count + otherCount],
};

// As `Windows.java` has it.
function print<T>(
  uid: string,
  keyType: GoldenType,
  text: (element: T) => unknown,
): ProcessWindowFunction<T, string, unknown, Window> {
  return {
    process(key, { window }, elements, out) {
      const windowText = typeof window === 'string' ? window : neutral(window, 'TIME_WINDOW');
      out.collect(`${uid} ${json(neutral(key, keyType))}: ${json([windowText, ...elements.map(text)])}`);
    },
  };
}

export function json(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[^ -~]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

export const eventText = (event: FlinkEvent): unknown => neutral(event, EVENT);
const doubleText = (value: number) => (Number.isInteger(value) ? `${value}.0` : `${value}`);

export interface FlinkWindows {
  readonly keyType: GoldenType;
  readonly operator: OperatorFactory<OneInputOperator<FlinkEvent>, string>;
}

export const TIME_WINDOWS: Readonly<Record<string, FlinkWindows>> = {
  tumbling: {
    keyType: 'STRING',
    operator: windowOperator<FlinkEvent, FlinkEvent, string, unknown, TimeWindow>({
      assigner: TumblingEventTimeWindows.of('10 s'),
      contents: reducedContents(later, eventType),
      function: print('tumbling', 'STRING', eventText),
    }),
  },
  sliding: {
    keyType: 'INT',
    operator: windowOperator<FlinkEvent, number, string, unknown, TimeWindow>({
      assigner: SlidingEventTimeWindows.of('20 s', '10 s'),
      contents: aggregatedContents(averageTime, Types.TUPLE(Types.LONG, Types.LONG)),
      function: print('sliding', 'INT', doubleText),
    }),
  },
  session: {
    keyType: 'LONG',
    operator: windowOperator<FlinkEvent, FlinkEvent, string, unknown, TimeWindow>({
      assigner: EventTimeSessionWindows.withGap('9 s'),
      contents: elementContents(eventType),
      function: print('session', 'LONG', eventText),
    }),
  },
  'pair-session': {
    keyType: PAIR,
    operator: windowOperator<FlinkEvent, FlinkEvent, string, unknown, TimeWindow>({
      assigner: EventTimeSessionWindows.withGap('7 s'),
      contents: reducedContents(later, eventType),
      function: print('pair-session', PAIR, eventText),
    }),
  },
};

export const COUNT_WINDOWS: Readonly<Record<string, FlinkWindows>> = {
  counting: {
    keyType: 'STRING',
    operator: windowOperator({
      assigner: GlobalWindows.create(),
      trigger: PurgingTrigger.of(CountTrigger.of(4)),
      contents: reducedContents(later, eventType),
      function: print('counting', 'STRING', eventText),
    }),
  },
  evicting: {
    keyType: 'LONG',
    operator: windowOperator({
      assigner: GlobalWindows.create(),
      trigger: CountTrigger.of(2),
      evictor: CountEvictor.of(4),
      contents: elementContents(eventType),
      function: print('evicting', 'LONG', eventText),
    }),
  },
};
