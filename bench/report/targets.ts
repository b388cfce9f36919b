import { DIMENSIONS, scalingGroups } from '../corpus/call.ts';
import { pairedCase } from '../corpus/features.ts';
import { caseTitle } from '../corpus/titles.ts';
import type { Unit } from '../figures/units.ts';
import { OURS, type Series, type Target } from './target.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const RELEASED = `${OURS}, released`;
const STREAMED = `${OURS}, streamed`;
const JVM = 'OpenSearch TransportService (JVM)';
const NAMES: Readonly<Record<string, string>> = { [JVM]: "OpenSearch's own transport (JVM)" };

const [K1, K64, BULK] = ['k1 128 B c1', 'k64 128 B c1', 'k8 1 MiB c1'];

/** A series, with the part, case and figure it is usually compared in. */
type Of = (contender: string) => Series;
const k64: Of = (contender) => ({ part: 'call', case: K64, figure: 'throughput', contender });
const k64Cpu: Of = (contender) => ({ ...k64(contender), figure: 'cpu' });
const k64P99: Of = (contender) => ({ ...k64(contender), figure: 'p99' });
const k1: Of = (contender) => ({ part: 'call', case: K1, figure: 'p50', contender });
const bulk: Of = (contender) => ({ part: 'bulk', case: BULK, figure: 'throughput', contender });
const extension: Of = (contender) => ({ part: 'extension', case: K64, figure: 'throughput', contender });

const CALLS = 'calls per second, 64 in flight';
const CPU = 'CPU time per call, both ends, 64 in flight';
const P50 = 'latency p50, one call in flight';
const P99 = 'latency p99, 64 calls in flight';
const MIB_RELEASED = 'MiB per second, 1 MiB echo, buffers returned';
const MIB_KEPT = 'MiB per second, 1 MiB echo, buffers not returned';

/** Every target of this project. Rows with the same id answer one question. */
export const TARGETS: readonly Target[] = [
  against('T2', CALLS, k64, 'raw net', 0.75, 1),
  against('T3', CPU, k64Cpu, 'raw net', 2.4, 1.8),
  { ...against('T3b', CPU, k64Cpu, 'grpc-js', 50, 90), form: 'times lower' },
  against('T1', CALLS, k64, 'grpc-js', 60, 110),
  against('T1b', CALLS, k64, 'undici + node:http', 9, 16),
  {
    ...against('T1c', CALLS, k64, '', 3.5, 5),
    versus: 'the best of',
    over: ['rsocket', 'msgpack-rpc', 'ioredis'].map(k64),
  },
  against('T1d', CALLS, k64, 'thrift', 12, 18),
  against('T1e', CALLS, k64, JVM, 4, 6),
  { ...against('T1e', MIB_RELEASED, bulk, JVM, 1.2, 1.5), ours: bulk(RELEASED) },
  against('T1e', MIB_KEPT, bulk, JVM, 1.2, 1.5),
  {
    ...against('T18', 'REST requests per second, JVM client to an extension', extension, JVM, 0.6, 0.9),
    versus: 'echo calls of the same client to a JVM server',
    ours: extension('JVM client → our extension'),
  },
  against('T4', P50, k1, 'raw net', 1.1, 1.05),
  against('T4', P50, k1, 'grpc-js', 0.45, 0.32),
  against('T5', P99, k64P99, 'raw net', 3, 2),
  { ...against('T5', P99, k64P99, 'grpc-js', 40, 90), form: 'times lower' },
  wide('calls per second, 256 in flight', 'k256 128 B c1', '64 in flight', 1.3, 1.6),
  wide('calls per second, 1024 in flight', 'k1024 128 B c1', '64 in flight', 1.6, 2),
  wide('calls per second, 64 in flight on 4 connections', 'k64 128 B c4', '64 in flight on 1 connection', 0.6, 0.7),
  { ...against('T7', MIB_RELEASED, bulk, 'raw net', 0.85, 1.1), ours: bulk(RELEASED) },
  { ...against('T7', MIB_RELEASED, bulk, 'grpc-js', 12, 18), ours: bulk(RELEASED) },
  { ...against('T7', MIB_RELEASED, bulk, 'ws + msgpackr', 1.6, 2), ours: bulk(RELEASED) },
  against('T7b', MIB_KEPT, bulk, 'raw net', 0.55, 0.7),
  codec('T8', 'time to encode, prepared headers', 'message/encode/0-headers', 0.1, 0.06),
  codec('T8', 'time to encode, 2 new headers', 'message/encode/2-headers/fresh', 0.3, 0.2),
  codec('T8', 'time to encode, 8 new headers', 'message/encode/8-headers/fresh', 0.5, 0.4),
  {
    id: 'T8b',
    metric: 'heap allocated per encoded message, prepared headers',
    versus: null,
    form: 'amount',
    ours: { part: 'codec', case: 'message/encode/0-headers', figure: 'heap', contender: OURS },
    over: [],
    limit: 16,
    goal: 0,
    unit: 'B/op',
  },
  codec('T9', 'time to decode, no headers', 'message/decode/0-headers', 0.35, 0.2),
  codec('T9', 'time to decode, 2 repeated headers', 'message/decode/2-headers/repeated', 0.2, 0.1),
  codec('T9', 'time to decode, 8 repeated headers', 'message/decode/8-headers/repeated', 0.2, 0.1),
  codec('T9c', 'time to decode, 2 new headers, all read', 'message/decode/2-headers/fresh', 1, 0.85),
  codec('T9c', 'time to decode, 8 new headers, all read', 'message/decode/8-headers/fresh', 1, 0.85),
  idle('client', 'raw net', 2, 1.5),
  idle('server', 'raw net', 2.5, 1.9),
  idle('client', 'grpc-js', 0.25, 0.15),
  idle('server', 'grpc-js', 0.5, 0.36),
  ...(['client', 'server'] as const).flatMap((end) => [
    memory('T11b', `heap per idle connection, ${end}`, `idle connection, ${end}`, 'heap', OURS, 4 * KIB, 2.5 * KIB, 'B'),
    memory('T11b', `external memory per idle connection, ${end}`, `idle connection, ${end}`, 'external', OURS, KIB, 64, 'B'),
  ]),
  {
    ...against('T12', 'heap per call in flight, client', inFlightHeap, 'grpc-js', 15, 30),
    form: 'times lower',
  },
  memory('T12', 'heap per call in flight, client', 'call in flight, client', 'heap', OURS, 600, 320, 'B'),
  {
    ...memory('T13', 'peak memory growth, one 256 MiB message', 'one message', 'server peak ÷ message', OURS, 1.1, 1.02, '×'),
    versus: 'size of the message',
  },
  memory(
    'T13b',
    'peak memory growth, one 256 MiB message, streamed',
    'one message, streamed',
    'server peak',
    STREAMED,
    16 * MIB,
    6 * MIB,
    'B',
  ),
  ...['2.19.6', '3.9.0'].flatMap(onNode),
  loss('T14', 'deadlines', 5, 2),
  loss('T14', 'a shared AbortSignal', 15, 5),
  loss('T14', 'an interceptor', 5, 2),
  loss('T14', 'metrics on both ends', 10, 5),
  loss('T15', 'features left unused', 3, 0),
  ...growth(),
];

/** A ratio of our series to a contender's of the same case and figure. */
function against(id: string, metric: string, of: Of, contender: string, limit: number, goal: number): Target {
  const versus = NAMES[contender] ?? contender;
  return { id, metric, versus, form: 'ratio', ours: of(OURS), over: [of(contender)], limit, goal };
}

function wide(metric: string, name: string, versus: string, limit: number, goal: number): Target {
  return { id: 'T6', metric, versus, form: 'ratio', ours: { ...k64(OURS), case: name }, over: [k64(OURS)], limit, goal };
}

function codec(id: string, metric: string, name: string, limit: number, goal: number): Target {
  return against(id, metric, (contender) => ({ part: 'codec', case: name, figure: 'time', contender }), 'protobufjs', limit, goal);
}

function idle(end: 'client' | 'server', over: string, limit: number, goal: number): Target {
  const of: Of = (contender) => ({ part: 'memory', case: `idle connection, ${end}`, figure: 'resident', contender });
  return against('T11', `resident memory per idle connection, ${end}`, of, over, limit, goal);
}

function inFlightHeap(contender: string): Series {
  return { part: 'memory', case: 'call in flight, client', figure: 'heap', contender };
}

function memory(
  id: string,
  metric: string,
  name: string,
  figure: string,
  contender: string,
  limit: number,
  goal: number,
  unit: Unit,
): Target {
  const ours: Series = { part: 'memory', case: name, figure, contender };
  return { id, metric, versus: null, form: 'amount', ours, over: [], limit, goal, unit };
}

function loss(id: string, feature: string, limit: number, goal: number): Target {
  const { name, pays, base } = pairedCase(feature);
  const of: Of = (contender) => ({ part: 'features', case: name, figure: 'throughput', contender });
  const versus = base === OURS ? 'default options' : base;
  return { id, metric: `calls per second lost by ${feature}`, versus, form: 'loss', ours: of(pays), over: [of(base)], limit, goal };
}

/** Most of the time of a bulk request is spent inside the node, so the protocol changes little. */
function onNode(release: string): Target[] {
  return [
    ['get k16', 'get, 16 in flight', 1.5, 3],
    ['index k16', 'index, 16 in flight', 1.5, 3],
    ['bulk k1', 'bulk of 1000 documents', 1, 1.3],
  ].flatMap(([operation, words, limit, goal]) => {
    const of =
      (figure: string): Of =>
      (contender) => ({ part: 'node', case: `OpenSearch ${release} ${operation}`, figure, contender });
    const versus = 'the official REST client';
    const [throughput, cpu] = [`calls per second, OpenSearch ${release}, ${words}`, `client CPU per call, OpenSearch ${release}, ${words}`];
    return [
      { ...against('T17', throughput, of('throughput'), 'REST client', Number(limit), Number(goal)), versus },
      { ...against('T17', cpu, of('client cpu'), 'REST client', 1.5, 4), versus, form: 'times lower' as const },
    ];
  });
}

/** Each point of a scaling dimension against the one before: ten times as much. */
function growth(): Target[] {
  return scalingGroups().flatMap((group, dimension) =>
    group.slice(1).map(({ name }, at): Target => {
      const before = group[at]?.name ?? '';
      const of = (which: string): Series => ({ part: 'scaling', case: which, figure: 'cost', contender: OURS });
      const metric = `CPU time of ${DIMENSIONS[dimension]?.what}, ${caseTitle(name)}`;
      return { id: 'T16', metric, versus: caseTitle(before), form: 'ratio', ours: of(name), over: [of(before)], limit: 11, goal: 10 };
    }),
  );
}
