import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CancelledError } from '../../../src/protocol/error/transport-error.ts';
import { chooseJdk, findJdk, type Jdk, parseJavaVersion } from '../../../src/realnode/jdk.ts';
import { fakeMachine } from './fake-machine.ts';

test.each([
  ['openjdk version "17.0.15" 2025-04-15', '17.0.15', 17],
  ['openjdk version "25" 2025-09-16 LTS', '25', 25],
  ['openjdk version "26-ea" 2026-03-17', '26-ea', 26],
  ['java version "1.8.0_412"', '1.8.0_412', 8],
  ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "21.0.7" 2025-04-15\nOpenJDK Runtime Environment', '21.0.7', 21],
])('%j is Java %s', (output, version, major) => {
  expect(parseJavaVersion(output)).toEqual({ version, major });
});

test.each(['', 'command not found', 'version ""', 'version "unknown"', '17.0.1'])('%j tells no version', (output) => {
  expect(parseJavaVersion(output)).toBeUndefined();
});

test('the lowest that fits is chosen, of equals the first', () => {
  const jdk = (major: number, home = `/jdk-${major}`): Jdk => ({ home, java: `${home}/bin/java`, version: `${major}`, major });
  const jdks = [jdk(25), jdk(8), jdk(21, '/first'), jdk(21, '/second'), jdk(17)];
  expect(chooseJdk(jdks, 11)?.major).toBe(17);
  expect(chooseJdk(jdks, 18)?.home).toBe('/first');
  expect(chooseJdk(jdks, 22)?.major).toBe(25);
  expect(chooseJdk(jdks, 26)).toBeUndefined();
  expect(chooseJdk([], 8)).toBeUndefined();
});

describe.skipIf(process.platform === 'win32')('on a machine', () => {
  test('without Java nothing is found', async () => {
    await using machine = await fakeMachine();
    expect(await findJdk({ ...machine.surroundings, atLeast: 8 })).toBeUndefined();
    expect(await findJdk({ env: {}, jdkFolders: [join(machine.root, 'nowhere')], atLeast: 8 })).toBeUndefined();
  });

  test('the folders are searched, and a Java that fails or has no compiler does not count', async () => {
    await using machine = await fakeMachine();
    await machine.addJdk('jre-21', null);
    const home = await machine.addJdk('jdk-25', '25.0.3');
    expect(await findJdk({ ...machine.surroundings, atLeast: 21 })).toEqual({
      home,
      java: join(home, 'bin', 'java'),
      version: '25.0.3',
      major: 25,
    });
  });

  test('a macOS bundle is looked into', async () => {
    await using machine = await fakeMachine();
    const home = await machine.addJdk(join('temurin-21.jdk', 'Contents', 'Home'), '21.0.7');
    expect((await findJdk({ ...machine.surroundings, atLeast: 21 }))?.home).toBe(home);
  });

  test('JAVA_HOME comes before PATH, and PATH before the folders', async () => {
    await using machine = await fakeMachine();
    const [a, b, c] = [await machine.addJdk('a', '21.0.1'), await machine.addJdk('b', '21.0.2'), await machine.addJdk('c', '21.0.3')];
    const { jdkFolders } = machine.surroundings;
    const home = async (env: Record<string, string>) => (await findJdk({ env, jdkFolders, atLeast: 21 }))?.home;
    expect(await home({})).toBe(a);
    expect(await home({ PATH: join(b, 'bin') })).toBe(b);
    expect(await home({ PATH: join(b, 'bin'), JAVA_HOME: c })).toBe(c);
  });

  test('a link in PATH leads to the true home', async () => {
    await using machine = await fakeMachine();
    const home = await machine.addJdk('jdk-17', '17.0.15');
    await symlink(join(home, 'bin', 'java'), join(machine.root, 'bin', 'java'));
    expect((await findJdk({ env: machine.surroundings.env, jdkFolders: [], atLeast: 17 }))?.home).toBe(home);
  });

  test('a fired signal cancels the search', async () => {
    await using machine = await fakeMachine();
    await machine.addJdk('jdk-17', '17.0.15');
    await expect(findJdk({ ...machine.surroundings, atLeast: 17, signal: AbortSignal.abort('enough') })).rejects.toThrow(CancelledError);
  });
});
