import { readdir, readFile, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CancelledError, EnvironmentError } from '../../../src/protocol/error/transport-error.ts';
import { prepareRealNode } from '../../../src/realnode/artefacts.ts';
import { realNodeAvailability } from '../../../src/realnode/availability.ts';
import { findMaven } from '../../../src/realnode/maven.ts';
import { fakeMachine, type FakeMachine } from './fake-machine.ts';

const version = '3.9.0';

/** A machine with a JDK and a Maven that resolves every pom to two jars and keeps a copy of the pom. */
async function machineWithMaven(): Promise<FakeMachine & { jars: string[] }> {
  const machine = await fakeMachine();
  await machine.addJdk('jdk-21', '21.0.7');
  const jars = await machine.addJars('opensearch-3.9.0.jar', 'log4j-api-2.25.5.jar');
  await machine.addMaven(
    `printf %s '${jars.join(delimiter)}' > classpath.txt; while read -r line; do echo "$line"; done < pom.xml > ${machine.root}/pom; echo resolved`,
  );
  return { ...machine, jars };
}

describe.skipIf(process.platform === 'win32')('artefacts', () => {
  test('Maven is found in PATH or MAVEN_HOME', async () => {
    await using machine = await fakeMachine();
    expect(await findMaven(machine.surroundings)).toBeUndefined();
    await machine.addMaven('exit 0');
    expect(await findMaven(machine.surroundings)).toBe(join(machine.root, 'bin', 'mvn'));
    expect(await findMaven({ env: { MAVEN_HOME: machine.root } })).toBe(join(machine.root, 'bin', 'mvn'));
  });

  test('are resolved once, with the log4j-core that fits, and then remembered', async () => {
    await using machine = await machineWithMaven();
    const said: string[] = [];
    const options = { version, ...machine.surroundings, onLog: (line: string) => said.push(line) };
    expect(await prepareRealNode(options)).toEqual({ version, jars: machine.jars });
    expect(await machine.mavenRuns()).toHaveLength(2);
    expect(said).toContain('resolved');
    const pom = await readFile(join(machine.root, 'pom'), 'utf8');
    expect(pom).toContain('<artifactId>opensearch</artifactId><version>3.9.0</version>');
    expect(pom).toContain('<artifactId>transport-netty4-client</artifactId><version>3.9.0</version>');
    expect(pom).toContain('<artifactId>log4j-core</artifactId><version>2.25.5</version>');

    expect(await prepareRealNode(options)).toEqual({ version, jars: machine.jars });
    expect(await machine.mavenRuns()).toHaveLength(2);
    expect(await readdir(join(machine.root, 'cache', version))).toEqual(['classpath.txt']);
  });

  test('are resolved again when a jar is gone', async () => {
    await using machine = await machineWithMaven();
    await prepareRealNode({ version, ...machine.surroundings });
    await rm(machine.jars[0]!);
    await prepareRealNode({ version, ...machine.surroundings });
    expect(await machine.mavenRuns()).toHaveLength(4);
  });

  test('offline is told to Maven', async () => {
    await using machine = await machineWithMaven();
    await prepareRealNode({ version, ...machine.surroundings, offline: true });
    for (const run of await machine.mavenRuns()) expect(run).toMatch(/^-o /);
  });

  test('a Maven that fails is quoted', async () => {
    await using machine = await machineWithMaven();
    await machine.addMaven('echo "[ERROR] Could not find artifact org.opensearch:opensearch:jar:3.9.0"; exit 1');
    const failed = prepareRealNode({ version, ...machine.surroundings });
    await expect(failed).rejects.toThrow(EnvironmentError);
    await expect(failed).rejects.toThrow(/could not resolve OpenSearch 3\.9\.0[^]*Could not find artifact/);
    expect(await readdir(join(machine.root, 'cache', version))).toEqual([]);
  });

  test('a Maven that fails without a message is not quoted', async () => {
    await using machine = await machineWithMaven();
    await machine.addMaven('exit 1');
    await expect(prepareRealNode({ version, ...machine.surroundings })).rejects.toThrow(/repository\. Maven printed no message\.$/);
  });

  test('a class path of something else is refused', async () => {
    await using machine = await machineWithMaven();
    await machine.addMaven(`printf %s '${machine.jars[0]}' > classpath.txt`);
    await expect(prepareRealNode({ version, ...machine.surroundings })).rejects.toThrow(/no log4j-api/);
  });

  test('a missing Java and a missing Maven are named', async () => {
    await using machine = await fakeMachine();
    await machine.addMaven('exit 0');
    await expect(prepareRealNode({ version, ...machine.surroundings })).rejects.toThrow(
      /no JDK 21 or later was found; install one, or set JAVA_HOME/,
    );
    await machine.addJdk('jdk-21', '21.0.7');
    const withoutMaven = prepareRealNode({ version, ...machine.surroundings, env: { PATH: '' } });
    await expect(withoutMaven).rejects.toThrow(EnvironmentError);
    await expect(withoutMaven).rejects.toThrow(/no Maven found, put mvn on the PATH/);
  });

  test('a signal stops Maven', async () => {
    await using machine = await machineWithMaven();
    await machine.addMaven('echo started; exec /bin/sleep 30');
    const caller = new AbortController();
    const onLog = (line: string) => line === 'started' && caller.abort('enough');
    const prepared = prepareRealNode({ version, ...machine.surroundings, signal: caller.signal, onLog });
    await expect(prepared).rejects.toThrow(CancelledError);
    await expect(prepared).rejects.toMatchObject({ code: 'ERR_CANCELLED', cause: 'enough' });
  });
});

describe.skipIf(process.platform === 'win32')('availability', () => {
  test('says what is missing, and never runs Maven', async () => {
    await using machine = await machineWithMaven();
    expect(await realNodeAvailability('3.9', machine.surroundings)).toMatchObject({
      available: false,
      reason: expect.stringContaining('the version must be major.minor.patch, for example 3.9.0, got "3.9"'),
    });
    expect(await realNodeAvailability(version, { ...machine.surroundings, jdkFolders: [] })).toEqual({
      available: false,
      reason: 'no JDK 21 or later was found; install one, or set JAVA_HOME',
    });
    expect(await realNodeAvailability(version, machine.surroundings)).toEqual({
      available: false,
      reason: 'the Maven artefacts of 3.9.0 are not resolved; run `ostp node --real 3.9.0 --prepare`',
    });
    expect(await machine.mavenRuns()).toEqual([]);
  });

  test('is given when the class path is complete, and gone with a jar', async () => {
    await using machine = await machineWithMaven();
    await prepareRealNode({ version, ...machine.surroundings });
    expect(await realNodeAvailability(version, machine.surroundings)).toEqual({ available: true });
    await rm(machine.jars[1]!);
    expect(await realNodeAvailability(version, machine.surroundings)).toMatchObject({ available: false });
  });
});
