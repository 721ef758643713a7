// `npm run goldens`: lets a released Flink write the golden files again (needs Java 17 and Maven).
import { join } from 'node:path';
import { requireSystemTools } from '../native/build.mjs';
import { root, run } from './set-up.mjs';

requireSystemTools([
  { commands: ['javac'], package: 'openjdk-17-jdk-headless' },
  { commands: ['mvn'], package: 'maven' },
]);
run('mvn', ['-q', '-B', '-f', join(root, 'test', 'fixtures', 'flink', 'pom.xml'), 'compile', 'exec:java']);
console.log('Written: test/fixtures/flink/goldens');
