import { bulkCases, callCases } from './corpus/call.ts';
import { type Contender, gather } from './harness/contenders.ts';
import { type CallCase, type Sample, sample } from './harness/sample.ts';
import { makeTlsFiles } from './harness/tls-files.ts';
import { withUnit } from './figures/units.ts';
import type { RunOptions } from './options.ts';
import type { TlsFiles } from './peers/peer.ts';
import { addRound, type Findings, noFindings } from './report/results.ts';
import { progress } from './report/say.ts';

const MIB = 1024 * 1024;

/**
 * Calls end to end over loopback: every contender in every case, in fresh processes, A B C A B C …, the first one twice in each round.
 *
 * @param part `call` for small bodies, `bulk` for large ones
 */
export async function runCalls(part: 'call' | 'bulk', options: RunOptions): Promise<Findings> {
  const cases = (part === 'call' ? callCases : bulkCases)(options.matrix).filter(({ name }) => options.cases.test(name));
  const { contenders, absent, versions, control, again } = await gather(options.only);
  const findings = { ...noFindings(), versions };
  for (const { contender, reason } of absent) {
    progress(`${part}: ${contender} is left out: ${reason}`);
    findings.absences.push({ part, contender, reason });
  }
  if (control === null || again === null) return findings;
  findings.controls.push({ part, contender: control.name, again: again.name });

  const tls = cases.some((one) => one.tls) ? makeTlsFiles() : null;
  try {
    for (const [i, shape] of cases.entries()) {
      if (shape.tls && tls === null) {
        findings.absences.push({ part, contender: 'all', case: shape.name, reason: 'no openssl to make a certificate with' });
        continue;
      }
      const field = [...contenders, again].filter(
        (contender) => (!shape.tls || contender.peer.tls === true) && takesPart(contender, options),
      );
      await runCase(part, shape, field, options, tls, findings, `${i + 1}/${cases.length}`);
    }
  } finally {
    tls?.remove();
  }
  return findings;
}

/** Contenders named run always; the slow to start not in quick runs, those of the matrix not in the headline set. */
function takesPart({ key, peer }: Contender, { only, mode, matrix }: RunOptions): boolean {
  if (only.includes(key)) return true;
  return (matrix || peer.fullOnly !== true) && (mode !== 'quick' || peer.warmUpMs === undefined);
}

async function runCase(
  part: 'call' | 'bulk',
  shape: CallCase,
  field: readonly Contender[],
  { rounds, window, gate }: RunOptions,
  tls: TlsFiles | null,
  findings: Findings,
  place: string,
): Promise<void> {
  const failed = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    for (const contender of field) {
      const { name } = contender;
      const label = `${part} ${place} ${shape.name} · round ${round + 1}/${rounds} · ${name}`;
      if (failed.has(name)) continue;
      try {
        const taken = await sample(contender, shape, window, gate, tls);
        record(part, shape, name, taken, findings);
        findings.samples.push({ part, case: shape.name, contender: name, round, ...taken });
        progress(`${label} · ${describe(shape, taken)}`);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        failed.add(name);
        findings.absences.push({ part, contender: name, case: shape.name, reason });
        progress(`${label} · failed: ${reason}`);
      }
    }
  }
}

function record(part: 'call' | 'bulk', shape: CallCase, contender: string, taken: Sample, { measures }: Findings): void {
  const of = { part, case: shape.name, contender };
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
