import { digits } from '../figures/units.ts';
import { disturbanceText, measuredWhen, noiseText } from './conditions.ts';
import type { Results } from './results.ts';
import { STANDING_COLUMNS, type Standing, standingRows, standings } from './standings.ts';

const PICTURE_TEXT = 'Bar charts of calls per second, latency, large messages and client CPU; the list below says the same in words';

/** The README's section: one picture and five lines. */
export function readmeSection(results: Results): string {
  const lines = headlines(standings(results)).map((line) => `- ${line}`);
  return [
    '<picture>',
    '  <source media="(prefers-color-scheme: dark)" srcset="docs/img/speed-dark.svg">',
    `  <img alt="${PICTURE_TEXT}" src="docs/img/speed-light.svg" width="860">`,
    '</picture>',
    '',
    ...lines,
    '',
    `Medians of one run: ${measuredWhen(results)} ${noiseText(results)}`.trim(),
  ].join('\n');
}

/** Finds a standing by its id and a word of what it is compared with or of what it measures. */
type Find = (id: string, word: string) => Standing | undefined;

/** Five sentences; a run that did not measure what a sentence says leaves it out. */
function headlines(all: readonly Standing[]): string[] {
  const find: Find = (id, word) => all.find((one) => one.id === id && `${one.metric} ${one.versus ?? ''}`.includes(word));
  return [
    sentence('calls per second, 64 in flight', [
      higher(find('T1', 'grpc'), 'grpc-js'),
      higher(find('T1b', 'undici'), 'undici + node:http'),
      higher(find('T1e', 'calls per second'), "OpenSearch's own transport (JVM)"),
    ]),
    sentence('CPU per call, both ends', [lower(find('T3b', 'grpc'), 'grpc-js'), times(find('T3', 'raw net'), 'a bare TCP echo')]),
    sentence('latency of a single call (p50)', [
      lower(inverse(find('T4', 'grpc')), 'grpc-js'),
      times(find('T4', 'raw net'), 'a bare TCP echo'),
    ]),
    sentence('MiB per second, 1 MiB echo, buffers returned to the pool', [
      higher(find('T1e', 'buffers returned'), "OpenSearch's own transport (JVM)"),
    ]),
    sentence('documents read from a genuine OpenSearch 3.9.0 node, 16 calls in flight', [
      higher(find('T17', 'per second, OpenSearch 3.9.0, get'), 'the official REST client in calls per second'),
      lower(find('T17', 'CPU per call, OpenSearch 3.9.0, get'), 'the REST client in client CPU per call'),
    ]),
  ].flatMap((line) => line ?? []);
}

function sentence(what: string, comparisons: readonly (string | null)[]): string | null {
  const told = comparisons.filter((one) => one !== null);
  return told.length === 0 ? null : `${what}: ${told.join(', ')}`;
}

function higher(standing: Standing | undefined, than: string): string | null {
  return standing === undefined ? null : `**${digits(standing.value)}×** ${than}`;
}

function lower(standing: Pick<Standing, 'value'> | undefined, than: string): string | null {
  return standing === undefined ? null : `**${digits(standing.value)}× lower** than ${than}`;
}

function times(standing: Standing | undefined, what: string): string | null {
  return standing === undefined ? null : `${digits(standing.value)}× that of ${what}`;
}

function inverse(standing: Standing | undefined): Pick<Standing, 'value'> | undefined {
  return standing === undefined ? undefined : { value: 1 / standing.value };
}

/** A table of every target, with the value of the run and the verdict. */
export function targetsSection(results: Results): string {
  const header = [`| ${STANDING_COLUMNS.join(' | ')} |`, `|${'---|'.repeat(STANDING_COLUMNS.length)}`];
  const rows = standingRows(standings(results)).map(
    (cells) => `| ${cells.map((cell) => (cell === 'missed' ? '**missed**' : cell)).join(' | ')} |`,
  );
  const missing = results.absences.map(({ part, contender, case: name, reason }) => {
    return `- ${[part, name, contender].filter(Boolean).join(' · ')}: ${reason.split('\n', 1)[0]}`;
  });
  const absent = missing.length === 0 ? [] : ['', 'Not measured in this run:', '', ...missing];
  return [...header, ...rows, '', `${measuredWhen(results)} ${disturbanceText(results)}`.trim(), ...absent].join('\n');
}
