import { scalingGroups } from '../corpus/call.ts';
import type { Unit } from '../figures/units.ts';
import { OURS, type Series, type Target } from './target.ts';

const KIB = 1024;
const RELEASED = `${OURS}, released`;
const STREAMED = `${OURS}, streamed`;
const JVM = 'OpenSearch TransportService (JVM)';

const [K1, K64, BULK] = ['k1 128 B c1', 'k64 128 B c1', 'k8 1 MiB c1'];
const k64 = (contender: string, figure = 'throughput'): Series => ({ part: 'call', case: K64, figure, contender });
const k1 = (contender: string): Series => ({ part: 'call', case: K1, figure: 'p50', contender });
const bulk = (contender: string): Series => ({ part: 'bulk', case: BULK, figure: 'throughput', contender });
const wide = (name: string): Series => ({ part: 'call', case: name, figure: 'throughput', contender: OURS });
const ratio = { form: 'ratio' } as const;

/** What this project holds itself to. */
export const TARGETS: readonly Target[] = [
  { id: 'T2', what: `requests per second ÷ raw net`, ...ratio, ours: k64(OURS), over: [k64('raw net')], floor: 0.75, goal: 1 },
  {
    id: 'T3',
    what: 'CPU per request, both ends ÷ raw net',
    ...ratio,
    ours: k64(OURS, 'cpu'),
    over: [k64('raw net', 'cpu')],
    floor: 2.4,
    goal: 1.8,
  },
  {
    id: 'T3b',
    what: 'CPU per request, both ends, times less than grpc-js',
    form: 'times less',
    ours: k64(OURS, 'cpu'),
    over: [k64('grpc-js', 'cpu')],
    floor: 50,
    goal: 90,
  },
  { id: 'T1', what: `requests per second ÷ grpc-js`, ...ratio, ours: k64(OURS), over: [k64('grpc-js')], floor: 60, goal: 110 },
  {
    id: 'T1b',
    what: `requests per second ÷ undici + node:http`,
    ...ratio,
    ours: k64(OURS),
    over: [k64('undici + node:http')],
    floor: 9,
    goal: 16,
  },
  {
    id: 'T1c',
    what: `requests per second ÷ best of rsocket, msgpack-rpc, ioredis`,
    ...ratio,
    ours: k64(OURS),
    over: ['rsocket', 'msgpack-rpc', 'ioredis'].map((name) => k64(name)),
    floor: 3.5,
    goal: 5,
  },
  { id: 'T1d', what: `requests per second ÷ thrift`, ...ratio, ours: k64(OURS), over: [k64('thrift')], floor: 12, goal: 18 },
  {
    id: 'T1e',
    what: `requests per second ÷ OpenSearch's own transport`,
    ...ratio,
    ours: k64(OURS),
    over: [k64(JVM)],
    floor: 4,
    goal: 6,
  },
  {
    id: 'T1e',
    what: `1 MiB echo, bodies released ÷ OpenSearch's own transport, which gives its buffers back, too`,
    ...ratio,
    ours: bulk(RELEASED),
    over: [bulk(JVM)],
    floor: 1.2,
    goal: 1.5,
  },
  { id: 'T1e', what: `1 MiB echo ÷ OpenSearch's own transport`, ...ratio, ours: bulk(OURS), over: [bulk(JVM)], floor: 1.2, goal: 1.5 },
  {
    id: 'T18',
    what: `JVM client: REST requests to our extension ÷ echoes to a JVM server`,
    ...ratio,
    ours: { part: 'extension', case: K64, figure: 'throughput', contender: 'JVM client → our extension' },
    over: [{ part: 'extension', case: K64, figure: 'throughput', contender: JVM }],
    floor: 0.6,
    goal: 0.9,
  },
  { id: 'T4', what: 'one call in flight, p50 ÷ raw net', ...ratio, ours: k1(OURS), over: [k1('raw net')], floor: 1.1, goal: 1.05 },
  { id: 'T4', what: 'one call in flight, p50 ÷ grpc-js', ...ratio, ours: k1(OURS), over: [k1('grpc-js')], floor: 0.45, goal: 0.32 },
  {
    id: 'T5',
    what: '64 calls in flight, p99 ÷ raw net',
    ...ratio,
    ours: k64(OURS, 'p99'),
    over: [k64('raw net', 'p99')],
    floor: 3,
    goal: 2,
  },
  {
    id: 'T5',
    what: '64 calls in flight, p99, times less than grpc-js',
    form: 'times less',
    ours: k64(OURS, 'p99'),
    over: [k64('grpc-js', 'p99')],
    floor: 40,
    goal: 90,
  },
  {
    id: 'T6',
    what: 'requests per second, 256 in flight ÷ 64',
    ...ratio,
    ours: wide('k256 128 B c1'),
    over: [k64(OURS)],
    floor: 1.3,
    goal: 1.6,
  },
  {
    id: 'T6',
    what: 'requests per second, 1024 in flight ÷ 64',
    ...ratio,
    ours: wide('k1024 128 B c1'),
    over: [k64(OURS)],
    floor: 1.6,
    goal: 2,
  },
  {
    id: 'T6',
    what: 'requests per second, 64 in flight on 4 connections ÷ on 1',
    ...ratio,
    ours: wide('k64 128 B c4'),
    over: [k64(OURS)],
    floor: 0.6,
    goal: 0.7,
  },
  {
    id: 'T7',
    what: '1 MiB echo, bodies released ÷ raw net',
    ...ratio,
    ours: bulk(RELEASED),
    over: [bulk('raw net')],
    floor: 0.85,
    goal: 1.1,
  },
  { id: 'T7', what: '1 MiB echo, bodies released ÷ grpc-js', ...ratio, ours: bulk(RELEASED), over: [bulk('grpc-js')], floor: 12, goal: 18 },
  {
    id: 'T7',
    what: '1 MiB echo, bodies released ÷ ws + msgpackr',
    ...ratio,
    ours: bulk(RELEASED),
    over: [bulk('ws + msgpackr')],
    floor: 1.6,
    goal: 2,
  },
  { id: 'T7b', what: '1 MiB echo, not released ÷ raw net', ...ratio, ours: bulk(OURS), over: [bulk('raw net')], floor: 0.55, goal: 0.7 },
  codec('T8', 'encode, prebuilt', 'message/encode/0-headers', 0.1, 0.06),
  codec('T8', 'encode, 2 fresh headers', 'message/encode/2-headers/fresh', 0.3, 0.2),
  codec('T8', 'encode, 8 fresh headers', 'message/encode/8-headers/fresh', 0.5, 0.4),
  {
    id: 'T8b',
    what: 'encode, prebuilt: heap',
    form: 'amount',
    ours: { part: 'codec', case: 'message/encode/0-headers', figure: 'heap', contender: OURS },
    over: [],
    floor: 16,
    goal: 0,
    unit: 'B/op',
  },
  codec('T9', 'decode, no headers', 'message/decode/0-headers', 0.35, 0.2),
  codec('T9', 'decode, 2 repeated headers', 'message/decode/2-headers/repeated', 0.2, 0.1),
  codec('T9', 'decode, 8 repeated headers', 'message/decode/8-headers/repeated', 0.2, 0.1),
  codec('T9c', 'decode, 2 fresh headers, all read', 'message/decode/2-headers/fresh', 1, 0.85),
  codec('T9c', 'decode, 8 fresh headers, all read', 'message/decode/8-headers/fresh', 1, 0.85),
  idle('client', 'raw net', 2, 1.5),
  idle('server', 'raw net', 2.5, 1.9),
  idle('client', 'grpc-js', 0.25, 0.15),
  idle('server', 'grpc-js', 0.5, 0.36),
  ...(['client', 'server'] as const).flatMap((end) => [
    memory('T11b', `idle connection, heap, ${end}`, `idle connection, ${end}`, 'heap', OURS, 4 * KIB, 2.5 * KIB, 'B'),
    memory('T11b', `idle connection, external, ${end}`, `idle connection, ${end}`, 'external', OURS, KIB, 64, 'B'),
  ]),
  {
    id: 'T12',
    what: 'client heap per call in flight, times less than grpc-js',
    form: 'times less',
    ours: { part: 'memory', case: 'call in flight, client', figure: 'heap', contender: OURS },
    over: [{ part: 'memory', case: 'call in flight, client', figure: 'heap', contender: 'grpc-js' }],
    floor: 15,
    goal: 30,
  },
  memory('T12', 'client heap per call in flight', 'call in flight, client', 'heap', OURS, 600, 320, 'B'),
  memory('T13', '256 MiB message: peak growth ÷ message', 'one message', 'server peak ÷ message', OURS, 1.1, 1.02, '×'),
  memory(
    'T13b',
    '256 MiB message, streamed: peak growth',
    'one message, streamed',
    'server peak',
    STREAMED,
    16 * 1024 ** 2,
    6 * 1024 ** 2,
    'B',
  ),
  ...['2.19.6', '3.9.0'].flatMap(onNode),
  lost('T14', 'deadlines', OURS, 'without deadlines', 5, 2),
  lost('T14', 'a shared AbortSignal', 'a shared AbortSignal', OURS, 15, 5),
  lost('T14', 'an interceptor', 'an interceptor', OURS, 5, 2),
  lost('T14', 'metrics on both ends', 'metrics on both ends', OURS, 10, 5),
  lost('T15', 'features left unused', OURS, 'without the features', 3, 0),
  ...growth(),
];

function codec(id: string, what: string, name: string, floor: number, goal: number): Target {
  const of = (contender: string): Series => ({ part: 'codec', case: name, figure: 'time', contender });
  return { id, what: `${what} ÷ protobufjs`, form: 'ratio', ours: of(OURS), over: [of('protobufjs')], floor, goal };
}

function idle(end: 'client' | 'server', over: string, floor: number, goal: number): Target {
  const of = (contender: string): Series => ({ part: 'memory', case: `idle connection, ${end}`, figure: 'resident', contender });
  return { id: 'T11', what: `idle connection, resident, ${end} ÷ ${over}`, form: 'ratio', ours: of(OURS), over: [of(over)], floor, goal };
}

function memory(
  id: string,
  what: string,
  name: string,
  figure: string,
  contender: string,
  floor: number,
  goal: number,
  unit: Unit,
): Target {
  return { id, what, form: 'amount', ours: { part: 'memory', case: name, figure, contender }, over: [], floor, goal, unit };
}

/** @param ours who pays; `over` is who does not */
function lost(id: string, what: string, ours: string, over: string, floor: number, goal: number): Target {
  const of = (contender: string): Series => ({ part: 'features', case: K64, figure: 'throughput', contender });
  return { id, what: `requests per second lost by ${what}`, form: 'lost', ours: of(ours), over: [of(over)], floor, goal };
}

/** A bulk request is the node's work: there the wire decides little. */
function onNode(release: string): Target[] {
  return [
    ['get k16', 'get, 16 in flight', 1.5, 3],
    ['index k16', 'index, 16 in flight', 1.5, 3],
    ['bulk k1', 'bulk of 1000', 1, 1.3],
  ].flatMap(([operation, words, floor, goal]) => {
    const name = `OpenSearch ${release} ${operation}`;
    const what = `OpenSearch ${release}, ${words}`;
    const of = (contender: string, figure: string): Series => ({ part: 'node', case: name, figure, contender });
    const of17 = (figure: string) => ({ ours: of(OURS, figure), over: [of('REST client', figure)] });
    return [
      {
        id: 'T17',
        what: `${what}, calls per second ÷ the official REST client`,
        form: 'ratio',
        ...of17('throughput'),
        floor: Number(floor),
        goal: Number(goal),
      },
      { id: 'T17', what: `${what}, client CPU per call, times less`, form: 'times less', ...of17('client cpu'), floor: 1.5, goal: 4 },
    ];
  });
}

/** Each point of a scaling dimension against the one before: ten times as much. */
function growth(): Target[] {
  const steps = scalingGroups().flatMap((group) => group.slice(1).map(({ name }, at) => [name, group[at]?.name ?? ''] as const));
  const of = (which: string): Series => ({ part: 'scaling', case: which, figure: 'cost', contender: OURS });
  return steps.map(([name, before]) => {
    const what = `cost of ${name} ÷ ${before}`;
    return { id: 'T16', what, form: 'ratio', ours: of(name), over: [of(before)], floor: 11, goal: 10 };
  });
}
