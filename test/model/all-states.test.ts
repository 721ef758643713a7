// Random programs over every kind of state, under several keys and namespaces, against plain Maps.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APPENDING_STEPS, expectLetters } from '../support/model-steps-appending.ts';
import { expectMap, expectValue, MAP_STEPS, VALUE_STEPS } from '../support/model-steps-value-map.ts';
import { CHECKPOINT_STEPS, WHOLE_STEPS } from '../support/model-steps-whole.ts';
import { APPENDING, LAYOUTS, type Layout, System } from '../support/model-system.ts';
import { HOT_STATE_BACKENDS, PLAIN_BACKENDS, withBackend } from '../support/with-backend.ts';

const RUNS = 40;
const MOST_STEPS = 1000;
const LEAST_STEPS_IN_ALL = 10_000;
const LEAST_SNAPSHOTS_IN_ALL = 30;
const LEAST_RESTORES_IN_ALL = 15;

const step = fc.oneof(
  { weight: 150, arbitrary: fc.oneof(...VALUE_STEPS, ...MAP_STEPS, ...APPENDING_STEPS, ...WHOLE_STEPS) },
  ...CHECKPOINT_STEPS,
);
// Without a bias to short programs: the long ones find more, and shrinking makes them short.
const program = fc.noBias(fc.array(step, { maxLength: MOST_STEPS, size: 'max' }));
const layoutName = fc.constantFrom(...Object.keys(LAYOUTS));

function expectAll(system: System): void {
  const { keys, windows } = system.layout;
  for (const place of keys.flatMap((key) => windows.map((window) => ({ key, window })))) {
    expectValue(system, place);
    expectMap(system, place);
    for (const descriptor of APPENDING) {
      expectLetters(system, descriptor, place);
    }
  }
}

describe.each(Object.entries({ ...PLAIN_BACKENDS, ...HOT_STATE_BACKENDS }))('states on %s', (backend, create) => {
  it('are what Maps would be, through snapshots and restores (10,000 steps and more)', {
    timeout: 180_000,
  }, async () => {
    const played = { steps: 0, snapshots: 0, restores: 0 };
    await fc.assert(
      fc.asyncProperty(layoutName, program, (name, all) =>
        withBackend(create, async (bench) => {
          const system = await System.start(bench, LAYOUTS[name] as Layout);
          for (const each of all) {
            await each.run(system);
          }
          expectAll(system);
          await system.finish();
          played.steps += all.length;
          played.snapshots += system.snapshots;
          played.restores += system.restores;
        }),
      ),
      { numRuns: RUNS },
    );
    console.log(
      `${backend}: ${played.steps} steps, ${played.snapshots} snapshots and ${played.restores} restores in ${RUNS} programs.`,
    );
    expect(played.steps).toBeGreaterThanOrEqual(LEAST_STEPS_IN_ALL);
    expect(played.snapshots).toBeGreaterThanOrEqual(LEAST_SNAPSHOTS_IN_ALL);
    expect(played.restores).toBeGreaterThanOrEqual(LEAST_RESTORES_IN_ALL);
  });
});
