import { parseArgs } from 'node:util';
import { QuietGate } from './harness/gate.ts';
import type { Window } from './harness/sample.ts';
import { libraryNames } from './libraries/registry.ts';
import { nodeClientNames } from './nodes/registry.ts';
import { peerNames } from './peers/registry.ts';
import type { Part, Results } from './report/results.ts';

/** Every part, in the order they run. */
export const PARTS: readonly Part[] = ['codec', 'call', 'bulk', 'extension', 'features', 'scaling', 'memory', 'node'];

/** What a run without a choice does. */
const HEADLINE_PARTS: readonly Part[] = ['codec', 'call', 'bulk', 'memory'];

/** Chooses every part. */
const ALL = 'all';

/** The parts that need nothing but this project. */
const OWN_PARTS: readonly Part[] = ['codec', 'call', 'bulk', 'features', 'scaling', 'memory'];

/** What a run does. */
export interface RunOptions {
  readonly parts: readonly Part[];
  readonly mode: Results['mode'];
  /** The whole matrix instead of the headline cases. */
  readonly matrix: boolean;
  /** Times fresh processes are started; how many samples each gives is the part's business. */
  readonly rounds: number;
  readonly window: Window;
  readonly gate: QuietGate;
  /** Contenders by their names in the registry; empty for all. */
  readonly only: readonly string[];
  /** This project's contenders alone, each codec case once: needs no package of a peer. */
  readonly own: boolean;
  /** Cases whose name matches. */
  readonly cases: RegExp;
  /** Where the results go, without the extension; null for the folder of results, and for nowhere with {@link own}. */
  readonly out: string | null;
}

export const USAGE = `npm run bench -- [part ...] [options]

Parts: ${PARTS.join(', ')}; ${ALL} (a quarter of an hour).
Without one: ${HEADLINE_PARTS.join(', ')}, in under ten minutes.

  --quick            every case once, far too short for figures: does it run?
  --full             the whole matrix of sizes, calls in flight and connections (two hours); with --quick each once
  --rounds <n>       times each contender starts anew; it gives several samples  [3; --quick 1]
  --only <a,b>       these contenders
  --own              this project's contenders; installs no peers (with --quick: do our cases still run?)
  --case <regexp>    cases whose name matches
  --no-gate          do not wait for a quiet machine
  --out <path>       results go to <path>.json and <path>.html                [bench/results/<time>]
  --help

npm run bench:compare -- A.json B.json [--check]
npm run bench -- publish RESULTS.json       writes its ratios into README.md and docs/performance.md`;

const WINDOWS = {
  quick: { warmUpMs: 50, warmUpCalls: 0, settleMs: 0, measureMs: 100, warmsUp: false },
  headline: { warmUpMs: 400, warmUpCalls: 20_000, settleMs: 150, measureMs: 300, warmsUp: true },
  full: { warmUpMs: 1000, warmUpCalls: 40_000, settleMs: 200, measureMs: 1000, warmsUp: true },
} as const;

/** Longest wait for a quiet machine, at a time and in all. */
const PATIENCE_MS = {
  quick: { once: 0, total: 0 },
  headline: { once: 3_000, total: 30_000 },
  full: { once: 30_000, total: 1_800_000 },
} as const;

/** Reads the command line; null asks for the usage. @throws on an unknown part, contender or option */
export function parseOptions(args: readonly string[]): RunOptions | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string' },
      own: { type: 'boolean', default: false },
      case: { type: 'string', default: '' },
      'no-gate': { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const mode = values.quick ? 'quick' : values.full ? 'full' : 'headline';
  const rounds = Number(values.rounds ?? (mode === 'quick' ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${values.rounds}: not a number of rounds`);
  return {
    parts: partsOf(positionals, values),
    mode,
    matrix: values.full,
    rounds,
    window: WINDOWS[mode],
    gate: values['no-gate'] ? new QuietGate(0, 0) : new QuietGate(PATIENCE_MS[mode].once, PATIENCE_MS[mode].total),
    only: values.only?.split(',').map(contenderOf) ?? [],
    own: values.own,
    cases: patternOf(values.case),
    out: values.out ?? null,
  };
}

const CONTENDERS = [...new Set([...peerNames, ...libraryNames, ...nodeClientNames])];

/** A part runs those of them that it has. */
function contenderOf(name: string): string {
  if (!CONTENDERS.includes(name)) throw new Error(`no contender '${name}'; there are ${CONTENDERS.join(', ')}`);
  return name;
}

/** Quick runs show whether anything is broken, full ones everything there is: both leave nothing out. */
function partsOf(
  names: readonly string[],
  { own, quick, full }: { readonly own: boolean; readonly quick: boolean; readonly full: boolean },
): readonly Part[] {
  if (names.includes(ALL)) return PARTS;
  if (names.length > 0) return names.map(partOf);
  if (own) return OWN_PARTS;
  return quick || full ? PARTS : HEADLINE_PARTS;
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new Error(`--case ${text}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function partOf(name: string): Part {
  const part = PARTS.find((known) => known === name);
  if (part === undefined) throw new Error(`no part '${name}'; there are ${PARTS.join(', ')}, ${ALL}`);
  return part;
}
