// `npm run goldens`: lets released Flinks write the golden files again (needs Java 17 and Maven). An argument names one
// of the two Maven projects: flink or flink-jobs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireJavaTools } from './java-tools.mjs';
import { root, run } from './set-up.mjs';

const fixtures = join(root, 'test', 'fixtures');

// Kryo of Flink 1 looks into Java's own classes.
const JAVA_OPTIONS = '--add-opens=java.base/java.util=ALL-UNNAMED';

const writers = {
  flink: () => maven('flink', 'exec:java'),
  'flink-jobs': () => {
    const goldens = join(fixtures, 'flink-jobs', 'goldens');
    const program = `${JAVA_OPTIONS} -classpath %classpath rockstate.jobs.WriteSavepoints ${goldens}`;
    for (const release of JSON.parse(readFileSync(join(fixtures, 'flink-jobs', 'releases.json'), 'utf8'))) {
      const options = [`-Dflink.version=${release}`, '-Dexec.executable=java', `-Dexec.args=${program}`];
      maven('flink-jobs', 'exec:exec', ...options);
    }
  },
};

function maven(project, goal, ...options) {
  run('mvn', ['-q', '-B', '-f', join(fixtures, project, 'pom.xml'), ...options, 'compile', goal]);
}

requireJavaTools();
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(writers);
for (const project of wanted) {
  if (!(project in writers)) {
    throw new RangeError(
      `There is no project '${project}' that writes goldens: there are ${Object.keys(writers).join(', ')}`,
    );
  }
  writers[project]();
  console.log(`Written: test/fixtures/${project}/goldens`);
}
