// `npm run goldens`: lets a released Flink write the golden files again (needs Java 17 and Maven).
import { join } from 'node:path';
import { requireJavaTools } from './java-tools.mjs';
import { root, run } from './set-up.mjs';

requireJavaTools();
run('mvn', ['-q', '-B', '-f', join(root, 'test', 'fixtures', 'flink', 'pom.xml'), 'compile', 'exec:java']);
console.log('Written: test/fixtures/flink/goldens');
