import { bulkCases, callCases, callsOf, EXTENSION_CASES, scalingGroups } from './corpus/call.ts';
import { withUnit } from './figures/units.ts';
import { type Contender, gather } from './harness/contenders.ts';
import type { CallCase, Window } from './harness/call-case.ts';
import { type Sample, Sampler } from './harness/sample.ts';
import { makeTlsFiles } from './harness/tls-files.ts';
import type { RunOptions } from './options.ts';
import { addRound, type CallPart, type Findings, noFindings } from './report/results.ts';
import { progress } from './report/say.ts';

const MIB = 1024 * 1024;
/** Samples of each pair of processes, taken in turn with the others'. A quick run takes one. */
const SAMPLES = 3;
/** A large body runs through its code so many times more. */
const BULK_WARM_UP = 10;

/** What a part runs, and how often. */
interface Plan {
  /** Groups of cases: those of a group are compared with each other and take turns. */
  readonly groups: readonly (readonly CallCase[])[];
  /** Of one pair of processes. */
  readonly samples: number;
  readonly window: Window;
}

/** One contender in one case. */
interface Entrant {
  readonly shape: CallCase;
  readonly name: string;
  readonly sampler: Sampler;
}

/**
 * Calls end to end over loopback: every contender in every case, A B C A B C …, the first one twice in each turn. Processes give a few samples and are
 * then replaced by fresh ones.
 */
export async function runCalls(part: CallPart, options: RunOptions): Promise<Findings> {
  const plan = planOf(part, options);
  const groups = plan.groups.map((group) => group.filter(({ name }) => options.cases.test(name))).filter((group) => group.length > 0);
  const { contenders, absent, versions, control, again } = await gather(part, options);
  const findings = { ...noFindings(), versions };
  for (const { contender, reason } of absent) {
    progress(`${part}: ${contender} is skipped: ${reason}`);
    findings.absences.push({ part, contender, reason });
  }
  if (control === null || again === null) return findings;
  findings.controls.push({ part, contender: control.name, again: again.name });
  // A quick run has no figures that noise could blur.
  const twice = options.mode !== 'quick';

  const tls = groups.flat().some((one) => one.tls) ? makeTlsFiles() : null;
  try {
    for (const [i, group] of groups.entries()) {
      const field = group.flatMap((shape) => {
        if (!shape.tls || tls !== null) {
          const able = [...contenders, ...(twice ? [again] : [])].filter((contender) => takesPart(contender, shape, options));
          return able.map((contender) => ({
            shape,
            name: contender.name,
            sampler: new Sampler(contender, shape, plan.window, options.gate, tls),
          }));
        }
        findings.absences.push({ part, contender: 'all', case: shape.name, reason: 'openssl not found: cannot make a certificate' });
        return [];
      });
      await runGroup(part, field, options, plan.samples, findings, `${i + 1}/${groups.length}`);
    }
  } finally {
    tls?.remove();
  }
  return findings;
}

function planOf(part: CallPart, { matrix, mode, window }: RunOptions): Plan {
  const samples = mode === 'quick' ? 1 : SAMPLES;
  const alone = (cases: readonly CallCase[]): CallCase[][] => cases.map((one) => [one]);
  switch (part) {
    case 'call':
      return { groups: alone(callCases(matrix)), samples, window };
    case 'bulk':
      return { groups: alone(bulkCases(matrix)), samples, window: { ...window, warmUpCalls: window.warmUpCalls / BULK_WARM_UP } };
    case 'extension':
      return { groups: alone(EXTENSION_CASES), samples, window };
    case 'scaling':
      return { groups: scalingGroups(), samples, window };
  }
}

/** Contenders named run always; those of the matrix, or of other cases, not in the headline set. */
function takesPart({ key, peer }: Contender, shape: CallCase, { only, matrix }: RunOptions): boolean {
  if (shape.tls && peer.tls !== true) return false;
  if (only.includes(key) || matrix) return true;
  return peer.fullOnly !== true && (shape.field?.includes(key) ?? true);
}

async function runGroup(
  part: CallPart,
  field: readonly Entrant[],
  { rounds, gate }: Pick<RunOptions, 'rounds' | 'gate'>,
  samples: number,
  findings: Findings,
  place: string,
): Promise<void> {
  const running = new Set(field);
  try {
    for (let round = 0; round < rounds * samples; round++) {
      await gate.quiet();
      // Each begins a round in its turn: the first one finds the machine as the wait left it.
      for (const entrant of rotated([...running], round)) {
        const { shape, name, sampler } = entrant;
        const label = `${part} ${place} ${shape.name} · round ${round + 1}/${rounds * samples} · ${name}`;
        try {
          if (round % samples === 0) await sampler.renew();
          const taken = await sampler.sample();
          record(part, shape, name, taken, findings);
          findings.samples.push({ part, case: shape.name, contender: name, round, ...taken });
          progress(`${label} · ${describe(shape, taken)}`);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          running.delete(entrant);
          await sampler.close();
          findings.absences.push({ part, contender: name, case: shape.name, reason });
          progress(`${label} · failed: ${reason}`);
        }
      }
    }
  } finally {
    for (const { sampler } of running) await sampler.close();
  }
}

function rotated<T>(all: readonly T[], by: number): T[] {
  const at = by % Math.max(all.length, 1);
  return [...all.slice(at), ...all.slice(0, at)];
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
  else addRound(measures, { ...of, figure: 'throughput', unit: 'calls/s', better: 'higher' }, perSecond);
  addRound(measures, { ...of, figure: 'p50', unit: 'µs', better: 'lower' }, taken.latency.p50);
  addRound(measures, { ...of, figure: 'p99', unit: 'µs', better: 'lower' }, taken.latency.p99);
  // An open loop spins until the next call is due.
  if (shape.rate === null) addRound(measures, { ...of, figure: 'cpu', unit: 'µs', better: 'lower' }, cpuPerRequest(taken));
}

function cpuPerRequest({ cpu, requests }: Sample): number {
  return (cpu.client + cpu.server) / requests;
}

function describe(shape: CallCase, taken: Sample): string {
  const rate = withUnit(taken.requests / taken.seconds, 'calls/s');
  const noise = taken.others === null ? '' : ` · others ${(taken.others * 100).toFixed(1)} %`;
  const tries = taken.tries > 1 ? ` · try ${taken.tries}` : '';
  const size = shape.bodyBytes > 0 ? ` · p50 ${withUnit(taken.latency.p50, 'µs')}` : '';
  return `${rate}${size} · CPU ${withUnit(cpuPerRequest(taken), 'µs')}${noise}${tries}`;
}
