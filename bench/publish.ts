// `npm run bench -- publish RESULTS.json`: writes a run's ratios into README.md and docs/performance.md, between their markers.
import { readFile, writeFile } from 'node:fs/promises';
import { readmeSection, targetsSection } from './report/publication.ts';
import { readResults, type Results } from './report/results.ts';
import { print, progress } from './report/say.ts';

const USAGE = `npm run bench -- publish RESULTS.json

Writes the ratios of a run into README.md and docs/performance.md. A quick run is refused: it gives no figures.`;

const PAGES: readonly { readonly path: string; readonly section: (results: Results) => string }[] = [
  { path: '../../README.md', section: readmeSection },
  { path: '../../docs/performance.md', section: targetsSection },
];

const [path] = process.argv.slice(2);
if (path === undefined || path.startsWith('-')) {
  progress(USAGE);
  process.exitCode = 2;
} else {
  try {
    await publish(await readResults(path));
  } catch (error) {
    progress(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

async function publish(results: Results): Promise<void> {
  if (results.mode === 'quick') throw new Error('a quick run gives no figures to publish');
  const written = await Promise.all(
    PAGES.map(async ({ path: page, section }) => {
      const url = new URL(page, import.meta.url);
      return { url, page, text: between(await readFile(url, 'utf8'), section(results), page) };
    }),
  );
  // All pages or none.
  for (const { url, page, text } of written) {
    await writeFile(url, text);
    print(`${page.replace('../../', '')} is written`);
  }
}

/** @throws when the page has no markers */
function between(text: string, section: string, page: string): string {
  const [begin, end] = ['<!-- bench:begin -->', '<!-- bench:end -->'];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page.replace('../../', '')} has no lines ${begin} and ${end} to write between`);
  return `${text.slice(0, from + begin.length)}\n\n${section.trim()}\n\n${text.slice(to)}`;
}
