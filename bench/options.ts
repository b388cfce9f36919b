import { readArguments, unknown } from './arguments.ts';
import { QuietGate } from './harness/gate.ts';
import type { Window } from './harness/call-case.ts';
import type { Part, Results } from './report/results.ts';

/** Every part, in the order they run. */
export const PARTS: readonly Part[] = ['codec', 'call', 'bulk', 'extension', 'features', 'scaling', 'memory', 'node'];

/** The parts of a run that names none. */
export const HEADLINE_PARTS: readonly Part[] = ['codec', 'call', 'bulk', 'memory'];

/** Stands for every part. */
const ALL = 'all';

/** The parts that need nothing but this project: all that `--own` can run. */
export const OWN_PARTS: readonly Part[] = ['codec', 'call', 'bulk', 'features', 'scaling', 'memory'];

/** What a run does. */
export interface RunOptions {
  readonly parts: readonly Part[];
  readonly mode: Results['mode'];
  /** The whole matrix instead of the headline cases. */
  readonly matrix: boolean;
  /** How many times each contender starts fresh processes; the part decides how many samples each pair gives. */
  readonly rounds: number;
  readonly window: Window;
  readonly gate: QuietGate;
  /** Contenders by their names in the registry; empty for all. */
  readonly only: readonly string[];
  /** This project's contenders alone, each codec case once: needs no package of a peer. */
  readonly own: boolean;
  /** Cases whose name matches. */
  readonly cases: RegExp;
  /** Path of the result files without extension; null for the results folder, or for no files at all with {@link own}. */
  readonly out: string | null;
}

export const USAGE = `npm run bench -- [part ...] [options]

Parts: ${PARTS.join(', ')}; ${ALL} (about 25 minutes).
Without one: ${HEADLINE_PARTS.join(', ')} (under ten minutes). Options do not change which parts run, except --own.

  --quick            run every case once, as a smoke test: NOT A MEASUREMENT
  --full             the whole matrix of sizes, calls in flight and connections (two hours); with --quick each case once
  --rounds <n>       how many times each contender starts fresh processes; each pair gives several samples  [3; --quick 1]
  --only <a,b>       these contenders alone
  --own              this project's contenders alone, in the parts that need no peer (${OWN_PARTS.join(', ')}); installs nothing
  --case <regexp>    cases whose name matches
  --no-gate          do not wait for a quiet machine
  --out <path>       results go to <path>.json and <path>.html                [bench/results/<time>]
  --help             print this text; installs nothing

npm run bench:compare -- A.json B.json [--check]
npm run bench -- publish [RESULTS.json]     writes a run into README.md, docs/performance.md and docs/img`;

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

/**
 * Reads the command line of a run.
 *
 * @returns null when the usage is asked for
 * @throws Error for an unknown part or option, or a value that is not valid
 */
export function parseOptions(args: readonly string[]): RunOptions | null {
  const { values, positionals } = readArguments(args, {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string' },
    own: { type: 'boolean', default: false },
    case: { type: 'string', default: '' },
    'no-gate': { type: 'boolean', default: false },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return null;
  const mode = values.quick ? 'quick' : values.full ? 'full' : 'headline';
  const rounds = Number(values.rounds ?? (mode === 'quick' ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds must be an integer >= 1, got ${values.rounds}`);
  return {
    parts: partsOf(positionals, values.own),
    mode,
    matrix: values.full,
    rounds,
    window: WINDOWS[mode],
    gate: values['no-gate'] ? new QuietGate(0, 0) : new QuietGate(PATIENCE_MS[mode].once, PATIENCE_MS[mode].total),
    only: values.only?.split(',') ?? [],
    own: values.own,
    cases: patternOf(values.case),
    out: values.out ?? null,
  };
}

function partsOf(names: readonly string[], own: boolean): readonly Part[] {
  const able = own ? OWN_PARTS : PARTS;
  if (names.includes(ALL)) return able;
  const asked = names.length > 0 ? names.map(partOf) : HEADLINE_PARTS;
  const foreign = asked.filter((part) => !able.includes(part));
  if (foreign.length > 0) throw new Error(`--own cannot be used with the part ${foreign.join(', ')}, only with ${able.join(', ')}`);
  return asked;
}

function partOf(name: string): Part {
  const part = PARTS.find((known) => known === name);
  if (part === undefined) throw new Error(unknown('part', name, [...PARTS, ALL]));
  return part;
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new Error(`--case ${text}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
