// `npm run bench -- publish [RESULTS.json]`: writes a run into README.md, docs/performance.md and docs/img.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { readArguments } from './arguments.ts';
import { whyNotPublish } from './report/conditions.ts';
import { picture, SCHEMES } from './report/picture.ts';
import { readmeSection, targetsSection } from './report/publication.ts';
import { readResults, type Results, writeResults } from './report/results.ts';
import { print, progress } from './report/say.ts';
import { fileURLToPath } from 'node:url';

const USAGE = `npm run bench -- publish [RESULTS.json]

Writes the figures of a run into README.md and docs/performance.md, and the charts that README.md shows into docs/img/speed-*.svg. Keeps the figures, without
the single samples, in bench/results/published.json. Without a file, writes the pages again from bench/results/published.json.
Refuses a quick run, which is not a measurement, and a run that other processes disturbed.

  --provisional   publish a disturbed run all the same, marked as provisional
  --help          print this text`;

const ROOT = new URL('../../', import.meta.url);
const KEPT = 'bench/results/published.json';
const [BEGIN, END] = ['<!-- bench:begin -->', '<!-- bench:end -->'];

try {
  const { values, positionals } = readArguments(process.argv.slice(2), {
    provisional: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  const [path = fileURLToPath(new URL(KEPT, ROOT))] = positionals;
  if (positionals.length > 1) throw new Error(`expected one results file, got ${positionals.length}`);
  if (values.help) print(USAGE);
  else await publish(await readResults(path), values.provisional);
} catch (error) {
  progress(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function publish(results: Results, isProvisional: boolean): Promise<void> {
  const refusal = whyNotPublish(results);
  if (refusal !== null && (results.mode === 'quick' || !isProvisional)) throw new Error(refusal);
  // Every page is made before the first one is written: all or none.
  const pages = [
    { path: 'README.md', text: await between('README.md', readmeSection(results)) },
    { path: 'docs/performance.md', text: await between('docs/performance.md', targetsSection(results)) },
    ...SCHEMES.map((scheme) => ({ path: `docs/img/speed-${scheme}.svg`, text: picture(results, scheme) })),
  ];
  await mkdir(new URL('docs/img', ROOT), { recursive: true });
  await writeResults(fileURLToPath(new URL(KEPT, ROOT)), { ...results, samples: [] });
  for (const { path, text } of pages) await writeFile(new URL(path, ROOT), text);
  print([KEPT, ...pages.map(({ path }) => path)].map((path) => `wrote ${path}`).join('\n'));
}

/** @throws Error when the page has no markers */
async function between(path: string, section: string): Promise<string> {
  const text = await readFile(new URL(path, ROOT), 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${path} has no lines ${BEGIN} and ${END} to write between`);
  return `${text.slice(0, from + BEGIN.length)}\n\n${section.trim()}\n\n${text.slice(to)}`;
}
