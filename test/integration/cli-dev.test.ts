import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OSTP = join(ROOT, 'dist/cli/ostp.js');

/** Inside the package, so that `opensearch-transport` is found. */
let folder: string;
const running: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  folder = mkdtempSync(join(ROOT, '.cache', 'dev-'));
});
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An extension with one route, in JavaScript or TypeScript. */
function source(greeting: string): string {
  return `import { extension } from 'opensearch-transport/extension';
const ext = extension({ port: 0 });
ext.get('/hello', () => ({ greeting: '${greeting}' }));
ext.put('/hello/{name}', ({ params }) => params);
await ext.listen();
`;
}

function dev(file: string, ...options: string[]) {
  const args = [OSTP, 'dev', join(folder, file), '--http-port', '0', '--transport-port', '0', ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const add = (text: string): void => void (printed += text);
  child.stdout.setEncoding('utf8').on('data', add);
  child.stderr.setEncoding('utf8').on('data', add);
  const done = new Promise<number | null>((resolve) => child.once('close', resolve));
  running.push(() => {
    child.kill('SIGKILL');
    return done;
  });
  const until = async (text: string | RegExp): Promise<string> => {
    for (;;) {
      if (typeof text === 'string' ? printed.includes(text) : text.test(printed)) return printed;
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${printed}`);
      await sleep(20);
    }
  };
  return { child, done, until, printed: () => printed };
}

async function ask(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

describe.skipIf(!existsSync(OSTP))('ostp dev', () => {
  test('prints what to try, serves, reloads on save, outlives a mistake and stops at Ctrl-C', async () => {
    writeFileSync(join(folder, 'greeter.js'), source('one'));
    const { child, done, until } = dev('greeter.js');
    const printed = await until('Press Ctrl-C');
    const url = /curl '(\S+\/_extensions\/_greeter\/hello)'/.exec(printed)?.[1] ?? '';
    expect(printed).toContain('→ 200 in');
    expect(printed).toContain(`curl -X PUT '${url}/name'`);
    expect(await ask(url)).toEqual({ greeting: 'one' });

    writeFileSync(join(folder, 'greeter.js'), source('two'));
    await until(/reloaded in \d+ ms: .*greeter\.js/);
    expect(await ask(url)).toEqual({ greeting: 'two' });

    writeFileSync(join(folder, 'greeter.js'), 'ext.get(');
    await until('Save the file again');
    expect(await ask(url)).toEqual({ greeting: 'two' });

    writeFileSync(join(folder, 'greeter.js'), source('three'));
    await until(/(?:reloaded[^]*){2}/);
    expect(await ask(url)).toEqual({ greeting: 'three' });
    await until(/200 GET {5}\/_extensions\/_greeter\/hello/);

    child.kill('SIGINT');
    expect(await done).toBe(0);
  });

  test('runs TypeScript, and a file that imports another', async () => {
    writeFileSync(join(folder, 'text.ts'), `export const text: string = 'typed';\n`);
    const file = source('one').replace("'one'", 'text').replace('import', `import { text } from './text.js';\nimport`);
    writeFileSync(join(folder, 'main.ts'), file);
    const { done, printed } = dev('main.ts', '--id', 'typed', '--once');
    expect(await done).toBe(0);
    expect(printed()).toContain('{"greeting":"typed"}');
  });

  test('says what is wrong with a file', async () => {
    const missing = dev('nope.js');
    expect(await missing.done).toBe(2);
    expect(missing.printed()).toContain("nope.js', expected the file of an extension");
    writeFileSync(join(folder, 'broken.js'), 'import "./gone.js";');
    writeFileSync(join(folder, 'idle.js'), '');
    const idle = dev('idle.js', '--once');
    expect(await idle.done).toBe(4);
    expect(idle.printed()).toContain('the file must make an extension and call its listen()');
    const once = dev('broken.js', '--once');
    expect(await once.done).toBe(4);
    expect(once.printed()).toContain('gone.js');
    const broken = dev('broken.js');
    expect(await broken.until('Save the file again')).toContain('gone.js');
    broken.child.kill('SIGINT');
    expect(await broken.done).toBe(0);
  });
});
