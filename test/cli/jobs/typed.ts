// A job for tests of `rockstate run`, in TypeScript.
import { StreamExecutionEnvironment } from 'rockstate';

const text: string = 'typed';
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.fromElements(text).print();
await env.execute();
