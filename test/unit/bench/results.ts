import { FEATURE_SHAPE } from '../../../bench/corpus/call.ts';
import type { Machine } from '../../../bench/report/machine.ts';
import type { Measure, Results } from '../../../bench/report/results.ts';

const machine: Machine = {
  cpu: 'Test CPU',
  cores: 2,
  arch: 'x64',
  memoryBytes: 8 * 1024 ** 3,
  os: 'Linux 6',
  node: '20.20.2',
  v8: '11.3',
  openssl: '3.0',
  nodeOptions: '',
  governor: 'unknown',
  congestionControl: 'bbr',
  pinned: true,
};

type Of = Pick<Measure, 'part' | 'case' | 'figure' | 'unit' | 'better'>;
const CALLS: Of = { part: 'call', case: FEATURE_SHAPE.name, figure: 'throughput', unit: 'calls/s', better: 'higher' };
const P50: Of = { part: 'call', case: 'k1 128 B c1', figure: 'p50', unit: 'µs', better: 'lower' };

function series(of: Of, contender: string, ...rounds: number[]): Measure {
  return { ...of, contender, rounds };
}

/** A results file as a run of the part `call` leaves it, with round figures. */
export function exampleResults(change: Partial<Results> = {}): Results {
  return {
    format: 1,
    when: '2026-01-02T03:04:05.000Z',
    mode: 'headline',
    machine,
    others: 0.01,
    versions: { 'grpc-js': '@grpc/grpc-js 1.14.7' },
    controls: [{ part: 'call', contender: 'opensearch-transport', again: 'opensearch-transport, again' }],
    measures: [
      series(CALLS, 'opensearch-transport', 900_000, 1_000_000, 1_100_000),
      series(CALLS, 'opensearch-transport, again', 910_000, 1_010_000, 1_111_000),
      series(CALLS, 'raw net', 1_000_000, 1_000_000, 1_000_000),
      series(CALLS, 'grpc-js', 9_000, 10_000, 11_000),
      series(P50, 'opensearch-transport', 60, 60, 60),
      series(P50, 'raw net', 50, 50, 50),
      series(P50, 'grpc-js', 240, 240, 240),
    ],
    absences: [{ part: 'call', contender: 'ioredis', reason: 'redis-server not found' }],
    samples: [],
    ...change,
  };
}
