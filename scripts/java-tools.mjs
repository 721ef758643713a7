// What it takes to run a released Flink.
import { requireSystemTools } from '../native/build.mjs';

/** Makes sure that there are a JDK and Maven. */
export function requireJavaTools() {
  requireSystemTools([
    { commands: ['javac'], package: 'openjdk-17-jdk-headless' },
    { commands: ['mvn'], package: 'maven' },
  ]);
}
