import { describe, expect, test } from 'vitest';
import type { CompletedCheckpoint, JsonValue } from '../../../lib/api/checkpoint.ts';
import {
  decodeJobCheckpoint,
  encodeJobCheckpoint,
  type JobCheckpoint,
  type SubtaskOfJob,
} from '../../../lib/job/coordinator/job-checkpoint.ts';
import { handleOf } from '../../support/stored-checkpoints.ts';

const STATE = {
  bytes: new Uint8Array([0, 255, 7, 9]),
  states: [{ name: 'positions', mode: 'SPLIT_DISTRIBUTE', offsets: [1, 2] }],
} as const;

function jobWith(...subtasks: readonly SubtaskOfJob[]): JobCheckpoint {
  const operator = { name: 'Count words', parallelism: subtasks.length, maxParallelism: 128, subtasks };
  return { job: { name: 'words' }, operators: [{ uid: 'count', ...operator }] };
}

function checkpointWith(attachment: JsonValue, backendIds: readonly string[] = []): CompletedCheckpoint {
  const handles = backendIds.map((backendId) => ({ ...handleOf(7, []), backendId }));
  // As it comes from a storage.
  return {
    checkpointId: 7,
    location: '/checkpoints/chk-7',
    handles,
    attachment: JSON.parse(JSON.stringify(attachment)),
  };
}

/** The attachment with a value in another's place. */
function changed(path: readonly (string | number)[], value: unknown): JsonValue {
  const root = JSON.parse(JSON.stringify(encodeJobCheckpoint(jobWith({ operatorState: STATE }))));
  const place = path.slice(0, -1).reduce((object, name) => object[name], root);
  place[path.at(-1) as string] = value;
  return root;
}

describe('the checkpoint of a job', () => {
  test('is what it was after it was stored', () => {
    const job = jobWith({ backendId: 'a' }, {}, { backendId: 'b', operatorState: STATE }, { operatorState: STATE });
    expect(decodeJobCheckpoint(checkpointWith(encodeJobCheckpoint(job), ['b', 'a']))).toEqual(job);
  });

  test('may have no operators at all', () => {
    const job = { job: { name: 'nothing' }, operators: [] };
    expect(decodeJobCheckpoint(checkpointWith(encodeJobCheckpoint(job)))).toEqual(job);
  });

  test('takes the bytes of a part of a buffer', () => {
    const bytes = new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 4);
    const decoded = decodeJobCheckpoint(
      checkpointWith(encodeJobCheckpoint(jobWith({ operatorState: { bytes, states: [] } }))),
    );
    expect(decoded.operators[0]?.subtasks[0]?.operatorState?.bytes).toEqual(new Uint8Array([2, 3, 4]));
  });
});

describe('what is no checkpoint of a job', () => {
  test('is refused when nothing is attached', () => {
    const { attachment: _, ...bare } = checkpointWith(null);
    expect(() => decodeJobCheckpoint(bare)).toThrow(
      'Checkpoint 7 at /checkpoints/chk-7 was not taken by a job: nothing says whose state is in it.',
    );
  });

  test.each<[JsonValue, string]>([
    [null, 'it should be an object, and is null'],
    [[1], 'it should be an object, and is an instance of Array'],
    [{ offset: 5 }, 'format should be "rockstate-job", and is nothing'],
    [changed(['version'], 2), 'version should be 1, and is 2'],
    [changed(['job'], 'words'), 'job should be an object, and is "words"'],
    [changed(['operators'], {}), 'operators should be an array'],
    [changed(['operators', 0, 'uid'], 5), 'operators[0].uid should be a text, and is 5'],
    [changed(['operators', 0, 'parallelism'], 2), 'operators[0].parallelism should be 1, and is 2'],
    [changed(['operators', 0, 'maxParallelism'], 0.5), 'operators[0].maxParallelism should be an integer from 1 on'],
    [
      changed(['operators', 0, 'subtasks', 0, 'backendId'], null),
      'subtasks[0].backendId should be a text, and is null',
    ],
    [changed(['operators', 0, 'subtasks', 0, 'operatorState'], {}), 'operatorState.bytes should be a text'],
    [
      changed(['operators', 0, 'subtasks', 0, 'operatorState', 'bytes'], 'a?==' as never),
      'operatorState.bytes should be bytes in base 64',
    ],
    [
      changed(['operators', 0, 'subtasks', 0, 'operatorState', 'states', 0, 'mode'], 'ANY' as never),
      'states[0].mode should be "SPLIT_DISTRIBUTE" or "UNION" or "BROADCAST", and is "ANY"',
    ],
    [
      changed(['operators', 0, 'subtasks', 0, 'operatorState', 'states', 0, 'offsets'], [1, -1] as never),
      'states[0].offsets[1] should be an integer from 0 on, and is -1',
    ],
  ])('is refused, naming what is wrong: %j', (attachment, message) => {
    expect(() => decodeJobCheckpoint(checkpointWith(attachment))).toThrow(
      expect.objectContaining({
        code: 'ERR_RESTORE',
        message: expect.stringContaining(message),
      }),
    );
  });

  test.each<[string, readonly SubtaskOfJob[], readonly string[], string]>([
    ['is missing', [{ backendId: 'a' }], [], "has no keyed state of backend a, which is that of subtask 0 of 'count'"],
    ['is of two subtasks', [{ backendId: 'a' }, { backendId: 'a' }], ['a'], "subtask 0 of 'count' and subtask 1 of"],
    ['is of no subtask', [{ backendId: 'a' }], ['a', 'b'], 'keyed state of backend b, which is that of no operator'],
  ])('is refused when keyed state %s', (_what, subtasks, backendIds, message) => {
    const attachment = encodeJobCheckpoint(jobWith(...subtasks));
    expect(() => decodeJobCheckpoint(checkpointWith(attachment, backendIds))).toThrow(message);
  });

  test('is refused when two operators have a uid', () => {
    const { job, operators } = jobWith({});
    const attachment = encodeJobCheckpoint({ job, operators: [...operators, ...operators] });
    expect(() => decodeJobCheckpoint(checkpointWith(attachment))).toThrow("has operator 'count' twice");
  });
});
