// Counts the words of Moby Dick in windows of ten minutes of reading: a job for `rockstate run`. Its arguments are the directory of
// the results and, to see it at work, how many words it may read in a second.
import {
  FileSink,
  GeneratorSource,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  Types,
  WatermarkStrategy,
} from 'rockstate';
import { readWords } from './words.ts';

// As somebody reads who takes their time.
const MS_PER_WORD = 250;

/** How often a word was read in a window. */
export interface WordCount {
  readonly word: string;
  /** When the window begins, since the book was opened. */
  readonly minute: number;
  readonly count: number;
}

const [results, wordsPerSecond] = process.argv.slice(2);
if (results === undefined) {
  throw new Error('The job takes the directory of its results, and how many words it may read in a second.');
}

const words = readWords();
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env
  .fromSource(
    new GeneratorSource((index) => words[index] as string, {
      ...{ count: words.length, type: Types.STRING, timestampOf: (index) => index * MS_PER_WORD },
      ...(wordsPerSecond !== undefined && { recordsPerSecond: Number(wordsPerSecond) }),
    }),
    WatermarkStrategy.forMonotonousTimestamps(),
  )
  .uid('words')
  .keyBy((word) => word, Types.STRING)
  .window(TumblingEventTimeWindows.of('10 min'))
  .aggregate<number, number, WordCount>(
    {
      createAccumulator: () => 0,
      add: (_, count) => count + 1,
      getResult: (count) => count,
      merge: (a, b) => a + b,
    },
    (word, { window }, [count = 0], out) => out.collect({ word, minute: window.start / 60_000, count }),
    { accumulatorType: Types.LONG },
  )
  .uid('counts')
  .sinkTo(new FileSink<WordCount>(results, { partSuffix: '.jsonl' }))
  .uid('results');
await env.execute('word windows');
