// Reads of one hot set after the other in a process of its own, so that what memory it has is what reading takes.
import { createInterface } from 'node:readline';
import { DataSet, type Settings } from './data-set.ts';
import { measureHotSet } from './measure-hot-set.ts';

const settings = JSON.parse(process.argv[2] ?? '') as Settings;
const data = await DataSet.open(settings);
for await (const line of createInterface({ input: process.stdin })) {
  const rows = await measureHotSet({ data, ...JSON.parse(line) });
  process.stdout.write(`${JSON.stringify(rows)}\n`);
}
await data.close();
