import { existsSync, readdirSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { codeBlocks, read, ROOT } from './markdown.ts';
import { Scratch } from './scratch.ts';

const page = read('docs/architecture.md');

/** Folders that a drawing names, by path: two spaces of indentation a level. */
function foldersDrawn(top: string): string[] {
  const drawing = codeBlocks(page).find(({ code }) => code.startsWith(`${top}/\n`))?.code ?? '';
  const path: string[] = [];
  return [...drawing.matchAll(/^( *)([\w-]+)\/(?: |$)/gm)].map(([, indent = '', name = '']) => {
    path.splice(indent.length / 2);
    path.push(name);
    return path.join('/');
  });
}

function foldersIn(parent: string): string[] {
  return readdirSync(ROOT + parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${parent}/${name}`);
}

describe('docs/architecture.md', () => {
  test('draws every room there is, and no other', () => {
    const drawn = foldersDrawn('src');
    const rooms = ['src', ...['src', 'src/protocol', 'src/transport', 'src/inspect', 'src/extension', 'src/devnode'].flatMap(foldersIn)];
    expect(drawn.sort()).toEqual(rooms.sort());
  });

  test('draws every kind of test there is, and no other', () => {
    expect(foldersDrawn('test').sort()).toEqual(['test', ...foldersIn('test')].sort());
  });

  test('names files that exist, but for the one it tells how to write', () => {
    const drawn = codeBlocks(page)[0]?.code ?? '';
    const doors = [...drawn.matchAll(/^ {2}(\w+\.ts) /gm)].map(([, file]) => `src/${String(file)}`);
    const named = [...page.matchAll(/`((?:src|test|docs|examples|scripts)\/[\w./-]+)`/g)].map(([, path]) => String(path));
    expect(doors).toHaveLength(3);
    const missing = [...doors, ...named].filter((path) => !existsSync(ROOT + path));
    expect(missing).toEqual(['src/protocol/action/cluster/get-task.ts']);
  });

  test('its import rule names the rooms of the drawing', () => {
    const rule = codeBlocks(page).find(({ code }) => code.startsWith('gen <'))?.code ?? '';
    const rooms = foldersDrawn('src').slice(1);
    const named = new Set(rule.match(/[\w-]+/g));
    expect(rooms.filter((path) => !named.has(path.split('/').at(-1) ?? ''))).toEqual([]);
  });

  const scratch = new Scratch('architecture');
  afterAll(() => scratch.remove());

  test('its example action compiles', async () => {
    const example = /<!-- test: new-action -->\n +```ts\n([^]*?)\n +```/.exec(page)?.[1] ?? '';
    expect(example).toContain('defineAction');
    await scratch.compile({ 'new-action': example });
  });
});
