import { bulkCases, callCases, callsOf, EXTENSION_CASES, FEATURE_CASES, scalingCases } from './corpus/call.ts';
import { withUnit } from './figures/units.ts';
import { type Contender, gather } from './harness/contenders.ts';
import { type CallCase, type Sample, Sampler, type Window } from './harness/sample.ts';
import { makeTlsFiles } from './harness/tls-files.ts';
import type { RunOptions } from './options.ts';
import type { TlsFiles } from './peers/peer.ts';
import { addRound, type CallPart, type Findings, noFindings } from './report/results.ts';
import { progress } from './report/say.ts';

const MIB = 1024 * 1024;
/** Two per cent are to be told apart. */
const FEATURE_ROUNDS = 5;
/** A large body runs through its code so many times more. */
const BULK_WARM_UP = 10;
/** There are many points, and their ratios are far from their limit. */
const SCALING_WINDOW_SHARE = 0.6;

/** What a part runs, and how often. */
interface Plan {
  readonly cases: readonly CallCase[];
  readonly rounds: number;
  readonly window: Window;
}

/** Calls end to end over loopback: every contender in every case, in fresh processes, A B C A B C …, the first one twice in each round. */
export async function runCalls(part: CallPart, options: RunOptions): Promise<Findings> {
  const plan = planOf(part, options);
  const cases = plan.cases.filter(({ name }) => options.cases.test(name));
  const { contenders, absent, versions, control, again } = await gather(part, options);
  const findings = { ...noFindings(), versions };
  for (const { contender, reason } of absent) {
    progress(`${part}: ${contender} is left out: ${reason}`);
    findings.absences.push({ part, contender, reason });
  }
  if (control === null || again === null) return findings;
  findings.controls.push({ part, contender: control.name, again: again.name });
  // A quick run gives no figures to tell from noise, and a step of ten is far from any.
  const twice = options.mode !== 'quick' && part !== 'scaling';

  const tls = cases.some((one) => one.tls) ? makeTlsFiles() : null;
  try {
    for (const [i, shape] of cases.entries()) {
      if (shape.tls && tls === null) {
        findings.absences.push({ part, contender: 'all', case: shape.name, reason: 'no openssl to make a certificate with' });
        continue;
      }
      const field = [...contenders, ...(twice ? [again] : [])].filter((contender) => takesPart(contender, shape, options));
      await runCase(part, shape, field, { ...options, ...plan }, tls, findings, `${i + 1}/${cases.length}`);
    }
  } finally {
    tls?.remove();
  }
  return findings;
}

function planOf(part: CallPart, { matrix, mode, rounds, window }: RunOptions): Plan {
  switch (part) {
    case 'call':
      return { cases: callCases(matrix), rounds, window };
    case 'bulk':
      return { cases: bulkCases(matrix), rounds, window: { ...window, warmUpCalls: window.warmUpCalls / BULK_WARM_UP } };
    case 'extension':
      return { cases: EXTENSION_CASES, rounds, window };
    case 'features':
      return { cases: FEATURE_CASES, rounds: mode === 'quick' ? rounds : Math.max(rounds, FEATURE_ROUNDS), window };
    case 'scaling':
      return { cases: scalingCases(), rounds, window: mode === 'headline' ? shorter(window) : window };
  }
}

function shorter(window: Window): Window {
  return { ...window, warmUpMs: window.warmUpMs * SCALING_WINDOW_SHARE, measureMs: window.measureMs * SCALING_WINDOW_SHARE };
}

/** Contenders named run always; those of the matrix, or of other cases, not in the headline set. */
function takesPart({ key, peer }: Contender, shape: CallCase, { only, matrix }: RunOptions): boolean {
  if (shape.tls && peer.tls !== true) return false;
  if (only.includes(key) || matrix) return true;
  return peer.fullOnly !== true && (shape.field?.includes(key) ?? true);
}

async function runCase(
  part: CallPart,
  shape: CallCase,
  field: readonly Contender[],
  { rounds, window, gate }: Plan & Pick<RunOptions, 'gate'>,
  tls: TlsFiles | null,
  findings: Findings,
  place: string,
): Promise<void> {
  const samplers = new Map(field.map((contender) => [contender.name, new Sampler(contender, shape, window, gate, tls)]));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [name, sampler] of samplers) {
        const label = `${part} ${place} ${shape.name} · round ${round + 1}/${rounds} · ${name}`;
        try {
          const taken = await sampler.sample();
          record(part, shape, name, taken, findings);
          findings.samples.push({ part, case: shape.name, contender: name, round, ...taken });
          progress(`${label} · ${describe(shape, taken)}`);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          await sampler.close();
          samplers.delete(name);
          findings.absences.push({ part, contender: name, case: shape.name, reason });
          progress(`${label} · failed: ${reason}`);
        }
      }
    }
  } finally {
    for (const sampler of samplers.values()) await sampler.close();
  }
}

function record(part: CallPart, shape: CallCase, contender: string, taken: Sample, { measures }: Findings): void {
  const of = { part, case: shape.name, contender };
  if (part === 'scaling') {
    const cost = cpuPerRequest(taken) * callsOf(shape.name);
    addRound(measures, { ...of, figure: 'cost', unit: 'µs', better: 'lower' }, cost);
    return;
  }
  const perSecond = taken.requests / taken.seconds;
  if (part === 'bulk')
    addRound(measures, { ...of, figure: 'throughput', unit: 'MiB/s', better: 'higher' }, (perSecond * shape.bodyBytes) / MIB);
  else addRound(measures, { ...of, figure: 'throughput', unit: 'req/s', better: 'higher' }, perSecond);
  addRound(measures, { ...of, figure: 'p50', unit: 'µs', better: 'lower' }, taken.latency.p50);
  addRound(measures, { ...of, figure: 'p99', unit: 'µs', better: 'lower' }, taken.latency.p99);
  // An open loop spins until the next call is due.
  if (shape.rate === null) addRound(measures, { ...of, figure: 'cpu', unit: 'µs', better: 'lower' }, cpuPerRequest(taken));
}

function cpuPerRequest({ cpu, requests }: Sample): number {
  return (cpu.client + cpu.server) / requests;
}

function describe(shape: CallCase, taken: Sample): string {
  const rate = withUnit(taken.requests / taken.seconds, 'req/s');
  const noise = taken.others === null ? '' : ` · others ${(taken.others * 100).toFixed(1)} %`;
  const tries = taken.tries > 1 ? ` · try ${taken.tries}` : '';
  const size = shape.bodyBytes > 0 ? ` · p50 ${withUnit(taken.latency.p50, 'µs')}` : '';
  return `${rate}${size} · CPU ${withUnit(cpuPerRequest(taken), 'µs')}${noise}${tries}`;
}
