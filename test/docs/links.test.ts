import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { portRegistry } from '../../src/inspect/codec-port/port-registry.ts';
import { codeBlocks, pages, prose, read, ROOT } from './markdown.ts';
import { Scratch } from './scratch.ts';

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

/** The anchors of a page, by the rule GitHub makes them with. */
function anchorsOf(page: string): Set<string> {
  const headings = [...page.matchAll(/^#{1,6} +(.+)$/gm)].map(([, text]) => String(text));
  return new Set(
    headings.map((text) =>
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** The numbers of its sections: `8.3` of `### 8.3 Strings`. */
function sectionsOf(page: string): Set<string> {
  return new Set([...page.matchAll(/^#{2,4} (\d+(?:\.\d+)*)[. ]/gm)].map(([, number]) => String(number)));
}

describe.each(pages())('%s', (path) => {
  const page = read(path);

  test('links to what exists', () => {
    const broken = [...prose(page).matchAll(LINK)].flatMap(([, target = '']) => {
      if (/^\w+:/.test(target)) return [];
      const [file = '', anchor] = target.split('#');
      const full = file === '' ? path : join(dirname(path), file);
      if (!existsSync(ROOT + full)) return [target];
      return anchor === undefined || anchorsOf(read(full)).has(anchor) ? [] : [target];
    });
    expect(broken).toEqual([]);
  });

  test('names sections that exist', () => {
    const elsewhere = [...page.matchAll(/\[([\w-]+\.md)\]\([^)]*\) §(\d+(?:\.\d+)*)/g)].map(([, file, section]) => [
      String(file),
      String(section),
    ]);
    const plain = [...page.matchAll(/\b([\w-]+\.md) §(\d+(?:\.\d+)*)/g)].map(([, file, section]) => [String(file), String(section)]);
    const broken = [...elsewhere, ...plain].filter(([file, section]) => !sectionExists(String(file), String(section)));
    expect(broken).toEqual([]);
  });

  test('its own section marks lead to sections', () => {
    if (!/^docs\/(?:wire-format|extensions|architecture)\.md$/.test(path)) return;
    const own = [...page.replaceAll(/[\w-]+\.md(?:\]\([^)]*\))? §[\d.]+/g, '').matchAll(/§(\d+(?:\.\d+)*)/g)].map(([, section]) =>
      String(section),
    );
    expect(own.filter((section) => !sectionsOf(page).has(section))).toEqual([]);
  });
});

function sectionExists(file: string, section: string): boolean {
  return existsSync(`${ROOT}docs/${file}`) && sectionsOf(read(`docs/${file}`)).has(section);
}

describe('comments of the sources', () => {
  const sources = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

  test('name pages and sections that exist', () => {
    const broken = sources.flatMap((name) => {
      const source = readFileSync(`${ROOT}src/${name}`, 'utf8');
      const mentions = [...source.matchAll(/(?<![\w/])([a-z-]+\.md)(?: §(\d+(?:\.\d+)*\d|\d+))?/g)];
      return mentions.flatMap(([mention, file = '', section]) => {
        const there = section === undefined ? existsSync(`${ROOT}docs/${file}`) : sectionExists(file, section);
        return there ? [] : [`${name}: ${mention}`];
      });
    });
    expect(broken).toEqual([]);
  });
});

test('docs/codec-port.md names the types the port serves, and no other', () => {
  const page = read('docs/codec-port.md');
  const paragraph = /\*\*Types\*\*: ([^]*?)\. Then/.exec(page)?.[1] ?? '';
  const named = paragraph.match(/\b\w+\b/g) ?? [];
  const served = [...portRegistry.types.keys()].filter((type) => !type.includes(':'));
  expect([...named].sort()).toEqual(served.sort());
});

test('TypeScript blocks without a mark compile', async () => {
  const unmarked = pages().flatMap((path) =>
    codeBlocks(read(path)).flatMap((block) => (block.language === 'ts' && block.mark === null ? [{ path, block }] : [])),
  );
  const scratch = new Scratch('blocks');
  try {
    const sources = unmarked.map(({ path, block }) => [`${path.replaceAll(/\W/g, '-')}-${block.line}`, block.code]);
    if (sources.length > 0) await scratch.compile(Object.fromEntries(sources) as Record<string, string>);
  } finally {
    scratch.remove();
  }
});
