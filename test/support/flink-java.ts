// The Java programs beside the goldens.
import type { TestContext } from 'vitest';
import { type FlinkProgram, JavaProject } from './java-project.ts';

export { FLINK_TIMEOUT_MS } from './java-project.ts';

const project = new JavaProject({ directory: 'flink', packageName: 'rockstate.goldens' });

/** Makes a program ready to run; see `JavaProject.program`. */
export function flinkProgram(name: string, context: TestContext): Promise<FlinkProgram> {
  return project.program(name, context);
}
