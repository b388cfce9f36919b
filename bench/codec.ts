import { withUnit } from './figures/units.ts';
import { againOf } from './harness/contenders.ts';
import type { Child } from './harness/child.ts';
import { type CodecAnswers, type CodecCase, startCodec } from './harness/codec-role.ts';
import { libraryNames } from './libraries/registry.ts';
import type { RunOptions } from './options.ts';
import { isOwn, versionsOf } from './peers/registry.ts';
import { addRound, type Findings, noFindings } from './report/results.ts';
import { progress } from './report/say.ts';

const EFFORT = {
  quick: { rounds: 1, timeMs: 1, heapOperations: 200 },
  headline: { rounds: 3, timeMs: 25, heapOperations: 2_000 },
  full: { rounds: 9, timeMs: 60, heapOperations: 2_000 },
} as const;

interface Effort {
  readonly rounds: number;
  readonly timeMs: number;
  readonly heapOperations: number;
}

/** One codec: its process and what it can do. */
interface Runner {
  readonly process: Child<CodecAnswers>;
  readonly name: string;
  readonly cases: ReadonlySet<string>;
}

/** Encoding and decoding: every codec on equal values, each in its own process, their rounds interleaved; the first one runs twice. */
export async function runCodec({ mode, cases, only, own, rounds, gate }: RunOptions): Promise<Findings> {
  const findings = noFindings();
  const runners: Runner[] = [];
  try {
    const names = libraryNames.filter((name) => (only.length === 0 || only.includes(name)) && (!own || isOwn(name)));
    const field = [
      ...names.map((key) => ({ key, again: false })),
      ...names.slice(0, mode === 'quick' ? 0 : 1).map((key) => ({ key, again: true })),
    ];
    for (const one of field) await join(one, runners, findings);
    const [control] = runners;
    if (control === undefined) return findings;
    findings.controls.push({ part: 'codec', contender: control.name, again: againOf(control.name) });
    const keys = [...new Set(runners.flatMap((runner) => [...runner.cases]))].filter((key) => cases.test(key));
    if (own && mode === 'quick') {
      for (const key of keys) await control.process.ask('once', { key, timeMs: 0, heapOperations: 0 } satisfies CodecCase);
      progress(`codec: each of ${keys.length} cases ran once`);
      return findings;
    }
    for (const [i, key] of keys.entries()) {
      await gate.quiet();
      const able = runners.filter((runner) => runner.cases.has(key));
      await runCase(key, able, { ...EFFORT[mode], rounds: Math.max(rounds, EFFORT[mode].rounds) }, findings);
      progress(`codec ${i + 1}/${keys.length} ${key} · ${summary(key, findings)}`);
    }
  } finally {
    for (const runner of runners) await runner.process.close();
  }
  return findings;
}

async function join({ key, again }: { key: string; again: boolean }, runners: Runner[], findings: Findings): Promise<void> {
  const process = startCodec(key);
  try {
    const { name, packages, cases } = await process.ask('ready');
    if (!again) findings.versions[name] = versionsOf(packages);
    runners.push({ process, name: again ? againOf(name) : name, cases: new Set(cases) });
  } catch (error) {
    await process.close();
    const reason = error instanceof Error ? error.message : String(error);
    progress(`codec: ${key} is skipped: ${reason}`);
    findings.absences.push({ part: 'codec', contender: key, reason });
  }
}

async function runCase(key: string, runners: readonly Runner[], { rounds, ...effort }: Effort, { measures }: Findings): Promise<void> {
  const argument: CodecCase = { key, ...effort };
  for (let round = 0; round < rounds; round++) {
    for (const { process, name } of runners) {
      const nanos = await process.ask('time', argument);
      addRound(measures, { part: 'codec', case: key, figure: 'time', contender: name, unit: 'ns/op', better: 'lower' }, nanos);
    }
  }
  for (const { process, name } of runners) {
    const heap = await process.ask('heap', argument);
    addRound(measures, { part: 'codec', case: key, figure: 'heap', contender: name, unit: 'B/op', better: 'lower' }, heap);
  }
}

function summary(key: string, { measures }: Findings): string {
  const times = measures.filter((measure) => measure.case === key && measure.figure === 'time');
  return times
    .map(({ contender, rounds }) => `${contender} ${withUnit(Math.min(...rounds.map((value) => value ?? Infinity)), 'ns/op')}`)
    .join(', ');
}
