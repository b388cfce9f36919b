import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { onWindows, pathFolders, type Surroundings } from './surroundings.ts';

/** Finds the `mvn` program in MAVEN_HOME, M2_HOME and PATH, or undefined. */
export async function findMaven({ env = process.env }: Surroundings = {}): Promise<string | undefined> {
  const homes = [env['MAVEN_HOME'] ?? '', env['M2_HOME'] ?? ''].filter((home) => home !== '');
  for (const folder of [...homes.map((home) => join(home, 'bin')), ...pathFolders(env)]) {
    const program = join(folder, onWindows ? 'mvn.cmd' : 'mvn');
    const there = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (there) return program;
  }
  return undefined;
}

/** A pom with nothing but dependencies, written as `group:artifact:version`. */
export function pomOf(dependencies: readonly string[]): string {
  const rows = dependencies.map((dependency) => {
    const [group, artifact, version] = dependency.split(':');
    return `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0">',
    '  <modelVersion>4.0.0</modelVersion>',
    '  <groupId>opensearch-transport</groupId><artifactId>real-node</artifactId><version>1</version><packaging>pom</packaging>',
    '  <dependencies>',
    ...rows,
    '  </dependencies>',
    '</project>',
    '',
  ].join('\n');
}
