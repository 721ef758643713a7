// Barriers of several channels, as they come when checkpoints are given up.
import { describe, expect, test } from 'vitest';
import { Channel } from '../../../lib/job/runtime/channel.ts';
import { InputGate } from '../../../lib/job/runtime/input-gate.ts';
import { BARRIER, END_OF_DATA, RECORD, StreamElement } from '../../../lib/job/runtime/stream-element.ts';

interface Bench {
  readonly gate: InputGate;
  readonly out: (string | number)[];
  record(channel: number, value: string): void;
  barrier(channel: number, checkpointId: number): void;
  end(channel: number): void;
  /** Processes what there is. */
  drain(): void;
}

function bench(channels: number, isExactlyOnce = true): Bench {
  const out: (string | number)[] = [];
  const producer = { outputFilled() {}, outputDrained() {} };
  const queues = Array.from({ length: channels }, () => new Channel(producer));
  const gate = new InputGate(
    queues.map((channel) => ({ channel, input: 0 })),
    {
      processElement: [(value: string) => void out.push(value)] as never,
      onWatermark() {},
      onStatus() {},
      onBarrier: ({ checkpointId }) => out.push(checkpointId),
      onEndOfData: () => out.push('end'),
      waitFor() {},
      blockers: 0,
    },
    isExactlyOnce,
  );
  const push = (channel: number, element: StreamElement) => queues[channel]?.push(element);
  return {
    ...{ gate, out },
    record: (channel, value) => push(channel, new StreamElement(RECORD, value, 0)),
    barrier: (channel, checkpointId) =>
      push(channel, new StreamElement(BARRIER, { checkpointId, kind: 'checkpoint', triggeredMs: 0 }, 0)),
    end: (channel) => push(channel, new StreamElement(END_OF_DATA, undefined, 0)),
    drain() {
      while (gate.process(100)) {}
    },
  };
}

test('records behind a barrier wait until it has come from all channels', () => {
  const { barrier, drain, gate, out, record } = bench(2);
  record(0, 'a');
  barrier(0, 1);
  record(0, 'later');
  record(1, 'b');
  drain();
  expect(out).toEqual(['a', 'b']);
  expect(gate.queued).toBe(1);
  barrier(1, 1);
  drain();
  expect(out).toEqual(['a', 'b', 1, 'later']);
});

test('at least once, they do not wait', () => {
  const { barrier, drain, out, record } = bench(2, false);
  barrier(0, 1);
  record(0, 'later');
  drain();
  barrier(1, 1);
  drain();
  expect(out).toEqual(['later', 1]);
});

describe('a checkpoint that is given up', () => {
  test('lets the channels go on, and its late barriers say nothing', () => {
    const { barrier, drain, gate, out, record } = bench(2);
    barrier(0, 1);
    record(0, 'waits');
    drain();
    gate.abortCheckpoint(1);
    drain();
    barrier(0, 2);
    barrier(1, 1);
    record(1, 'b');
    barrier(1, 2);
    record(1, 'c');
    drain();
    expect(out).toEqual(['waits', 'b', 2, 'c']);
  });

  test('before its first barrier has come, says nothing at all', () => {
    const { barrier, drain, gate, out, record } = bench(2);
    gate.abortCheckpoint(1);
    barrier(0, 1);
    record(0, 'a');
    barrier(1, 1);
    drain();
    expect(out).toEqual(['a']);
  });

  test('is not mixed up with the next one, whose barrier overtakes the news', () => {
    const { barrier, drain, out, record } = bench(2);
    barrier(0, 1);
    record(0, 'a');
    barrier(0, 2);
    record(0, 'waits');
    drain();
    barrier(1, 2);
    record(1, 'b');
    drain();
    expect(out.slice(0, 2)).toEqual(['a', 2]);
    expect(out.slice(2).toSorted()).toEqual(['b', 'waits']);
  });
});

test('the end comes when all channels have ended, and barriers still after it', () => {
  const { barrier, drain, end, out } = bench(2);
  end(0);
  barrier(0, 1);
  drain();
  barrier(1, 1);
  end(1);
  drain();
  barrier(0, 2);
  barrier(1, 2);
  drain();
  expect(out).toEqual([1, 'end', 2]);
});
