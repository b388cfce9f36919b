// `npm run bench`: runs the parts asked for and writes a table, a JSON file and a page.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runCalls } from './call.ts';
import { allowedCores, canPin } from './harness/pin.ts';
import type { RunOptions } from './options.ts';
import { optionsOrExit } from './preflight.ts';
import { othersShare } from './report/conditions.ts';
import { describeMachine } from './report/machine.ts';
import { page } from './report/page.ts';
import { QUICK_REASON, QUICK_TITLE, quickBanner } from './report/quick.ts';
import { type Findings, type Part, type Results, writeResults } from './report/results.ts';
import { print, progress } from './report/say.ts';
import { group, table } from './report/table.ts';
import { standings, standingsText } from './report/standings.ts';

const RUNNERS: Readonly<Record<Part, (options: RunOptions) => Promise<Findings>>> = {
  codec: async (options) => (await import('./codec.ts')).runCodec(options),
  call: (options) => runCalls('call', options),
  bulk: (options) => runCalls('bulk', options),
  extension: (options) => runCalls('extension', options),
  features: async (options) => (await import('./features.ts')).runFeatures(options),
  scaling: (options) => runCalls('scaling', options),
  memory: async (options) => (await import('./memory.ts')).runMemory(options),
  node: async (options) => (await import('./node.ts')).runNodes(options),
};

await run(optionsOrExit(process.argv.slice(2)));

async function run(options: RunOptions): Promise<void> {
  const { parts, mode, out, own } = options;
  if (!canPin()) progress(`${allowedCores().length} core(s) and no pinning: do not publish these figures`);
  const began = new Date();
  const findings: Findings[] = [];
  for (const part of parts) findings.push(await RUNNERS[part](options));
  const results = together(began, mode, findings);
  const path = out ?? (own ? null : fileURLToPath(new URL(`../results/${began.toISOString().replaceAll(/[:.]/g, '-')}`, import.meta.url)));
  if (path !== null) {
    await writeResults(`${path}.json`, results);
    await writeFile(`${path}.html`, page(results));
  }
  if (mode === 'quick') print(`${quickBanner()}\n${parts.join(', ')}: ${casesOf(results)} cases ran`);
  else {
    print(table(group(results)));
    const stand = standings(results);
    if (stand.length > 0) print(`\n${standingsText(stand)}`);
  }
  for (const { part, contender, case: name, reason } of results.absences) {
    print(`missing: ${part} · ${name === undefined ? '' : `${name} · `}${contender}: ${reason.split('\n', 1)[0]}`);
  }
  if (path !== null) print(`\n${path}.json\n${path}.html`);
  const failure = failureOf(results, own);
  if (failure === null) return;
  progress(failure);
  process.exitCode = 1;
}

/** Peers may be missing, our own cases may not. */
function failureOf({ measures, absences }: Results, own: boolean): string | null {
  if (own && absences.length > 0) return `${absences.length} of this project's own cases did not run`;
  return measures.length === 0 ? 'no case ran' : null;
}

function casesOf({ measures }: Results): number {
  return new Set(measures.map(({ part, case: name, contender }) => [part, name, contender].join('\n'))).size;
}

function together(began: Date, mode: Results['mode'], findings: readonly Findings[]): Results {
  return {
    format: 1,
    ...(mode === 'quick' ? { warning: `${QUICK_TITLE}. ${QUICK_REASON}` } : {}),
    when: began.toISOString(),
    mode,
    machine: describeMachine(),
    others: othersShare(findings.flatMap(({ samples }) => samples)),
    versions: Object.assign({}, ...findings.map(({ versions }) => versions)) as Results['versions'],
    controls: findings.flatMap(({ controls }) => controls),
    measures: findings.flatMap(({ measures }) => measures),
    absences: findings.flatMap(({ absences }) => absences),
    samples: findings.flatMap(({ samples }) => samples),
  };
}
