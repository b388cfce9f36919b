import { FEATURE_SHAPE } from './corpus/call.ts';
import { CONTROL_CASE, PAIRED_CASES, type PairedCase } from './corpus/features.ts';
import { withUnit } from './figures/units.ts';
import { Pair, type SideFigures } from './harness/pair.ts';
import type { RunOptions } from './options.ts';
import { findPeer, versionsOf } from './peers/registry.ts';
import { addRound, type Findings, type Measure, noFindings } from './report/results.ts';
import { progress } from './report/say.ts';

/**
 * How much is measured. Two per cent are to be told apart, and processes of the same contender differ by as much: their code is compiled and placed anew
 * each time. So both contenders share a pair of processes, windows are short and alternate, and there are several pairs.
 */
const EFFORT = {
  quick: { pairsPerRound: 1, quads: 1, windowMs: 50, warmUpShare: 0.1 },
  headline: { pairsPerRound: 2, quads: 24, windowMs: 60, warmUpShare: 1 },
  full: { pairsPerRound: 4, quads: 40, windowMs: 100, warmUpShare: 2 },
} as const;

/** Measures what features cost, used and left unused: two ways to use the library at a time, and the A/A control in the same way. */
export async function runFeatures(options: RunOptions): Promise<Findings> {
  const { only, cases, matrix } = options;
  const findings = noFindings();
  findings.controls.push({ part: 'features', contender: CONTROL_CASE.base, again: CONTROL_CASE.pays, case: CONTROL_CASE.name });
  findings.versions[CONTROL_CASE.base] = versionsOf([CONTROL_CASE.base]);
  for (const one of PAIRED_CASES) {
    if (!cases.test(one.name) || (one.fullOnly === true && !matrix)) continue;
    if (only.length > 0 && one !== CONTROL_CASE && ![one.paysKey, one.baseKey].every((key) => only.includes(key))) continue;
    const reason = await missing(one);
    if (reason === null) await runCase(one, options, findings);
    else {
      progress(`features: ${one.name} is skipped: ${reason}`);
      findings.absences.push({ part: 'features', contender: one.base, case: one.name, reason });
    }
  }
  return findings;
}

async function missing({ paysKey, baseKey }: PairedCase): Promise<string | null> {
  for (const key of [paysKey, baseKey]) {
    const reason = (await (await findPeer(key)).missing?.()) ?? null;
    if (reason !== null) return reason;
  }
  return null;
}

async function runCase(one: PairedCase, { mode, rounds, gate }: RunOptions, findings: Findings): Promise<void> {
  const { pairsPerRound, quads, windowMs, warmUpShare } = EFFORT[mode];
  for (let at = 0; at < rounds * pairsPerRound; at++) {
    await gate.quiet();
    // Every other pair loads and serves the two in the opposite order.
    const isSwapped = at % 2 === 1;
    const pair = await Pair.start(isSwapped ? [one.baseKey, one.paysKey] : [one.paysKey, one.baseKey], FEATURE_SHAPE);
    try {
      await pair.warmUp(warmUpShare);
      for (let quad = 0; quad < quads; quad++) {
        const { sides, others } = await pair.quad(windowMs, gate);
        const [pays, base] = isSwapped ? [sides[1], sides[0]] : sides;
        record(one, one.pays, pays, quads, findings);
        record(one, one.base, base, quads, findings);
        findings.samples.push({ part: 'features', case: one.name, pair: at, quad, pays, base, others });
        if (quad === quads - 1)
          progress(`features · ${one.name} · pair ${at + 1}/${rounds * pairsPerRound} · ${described(one, pays, base)}`);
      }
    } finally {
      await pair.close();
    }
  }
}

function record(
  { name }: PairedCase,
  contender: string,
  { callsPerSecond, cpu }: SideFigures,
  block: number,
  { measures }: Findings,
): void {
  const of: Pick<Measure, 'part' | 'case' | 'contender' | 'block'> = { part: 'features', case: name, contender, block };
  addRound(measures, { ...of, figure: 'throughput', unit: 'calls/s', better: 'higher' }, callsPerSecond);
  addRound(measures, { ...of, figure: 'cpu', unit: 'µs', better: 'lower' }, cpu);
}

function described(one: PairedCase, pays: SideFigures, base: SideFigures): string {
  return `${one.pays} ${withUnit(pays.callsPerSecond, 'calls/s')}, ${one.base} ${withUnit(base.callsPerSecond, 'calls/s')}`;
}
