// The scrape example as Prometheus meets it: a process, asked over HTTP while it works.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../build/examples/scrape/main.js', import.meta.url));

let directory: string;
let child: ChildProcess;
let url: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rockstate-scrape-test-'));
  child = spawn(process.execPath, [MAIN, '0'], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout as NodeJS.ReadableStream), 'line');
  url = String(line).replace('Metrics: ', '');
});

afterAll(async () => {
  child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

// Series by name and labels, as a scraper reads them.
async function scrape(): Promise<Map<string, number>> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const series = new Map<string, number>();
  for (const line of (await response.text()).split('\n')) {
    const [, name, value] = /^(\w+(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
    if (name !== undefined) {
      series.set(name, Number(value));
    }
  }
  return series;
}

const OPERATOR = 'operator="visits"';
const WRITTEN = `rockstate_operator_rocksdb_bytes_written{${OPERATOR}}`;
const RECORDS = `rockstate_operator_numRecords{${OPERATOR}}`;
const keysOf = (state: string) =>
  `rockstate_operator_column_family_rocksdb_estimate_num_keys{${OPERATOR},column_family="${state}"}`;
const GET_COUNT = `rockstate_operator_rocksdb_db_get_micros_count{${OPERATOR}}`;

test('a scrape shows the state under load, and the next one how it has grown', async () => {
  let first = await scrape();
  while (!(first.get(keysOf('pages')) ?? 0)) {
    await setTimeout(100);
    first = await scrape();
  }
  expect(first.get(keysOf('visits'))).toBeGreaterThan(0);
  expect(first.get(WRITTEN)).toBeGreaterThan(0);
  expect(first.get(GET_COUNT)).toBeGreaterThan(0);
  expect(
    first.get(`rockstate_operator_column_family_rocksdb_cur_size_all_mem_tables{${OPERATOR},column_family="visits"}`),
  ).toBeGreaterThan(0);
  const latency = `rockstate_operator_state_name_valueStateGetLatency{${OPERATOR},state_name="visits",quantile="0.99"}`;
  expect(first.get(latency)).toBeGreaterThan(0);

  let second = await scrape();
  while (second.get(WRITTEN) === first.get(WRITTEN)) {
    await setTimeout(100);
    second = await scrape();
  }
  for (const name of [WRITTEN, RECORDS, GET_COUNT]) {
    expect(second.get(name)).toBeGreaterThan(first.get(name) ?? Number.POSITIVE_INFINITY);
  }
});

test('another path is not found', async () => {
  expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404);
});

test('it ends when asked to, and leaves nothing behind', async () => {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(await readdir(directory)).toEqual([]);
});
