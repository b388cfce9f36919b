import { median, paired } from '../figures/statistics.ts';
import { digits } from '../figures/units.ts';
import type { Measure, Results } from './results.ts';
import { columns } from './table.ts';

/** Name of the product's own series. */
export const OURS = 'opensearch-transport';

/** A ratio that has to hold: of one series to another in the same rounds. */
export interface Target {
  readonly id: string;
  readonly part: Measure['part'];
  readonly case: string;
  readonly figure: string;
  /** Ours, in this case when it is another than the denominator's. */
  readonly ofCase?: string;
  /** Contenders of the denominator: the best of them counts. */
  readonly over: readonly string[];
  readonly floor: number;
  readonly goal: number;
}

/** How a run stands to a target. */
export interface Standing extends Target {
  readonly ratio: number;
  readonly holds: boolean;
}

const [K1, K64, BULK] = ['k1 128 B c1', 'k64 128 B c1', 'k8 1 MiB c1'];
const call = { part: 'call', figure: 'throughput' } as const;
const bulk = { part: 'bulk', figure: 'throughput' } as const;
const codec = { part: 'codec', figure: 'time' } as const;

/** The ratios this project holds itself to. */
export const TARGETS: readonly Target[] = [
  { id: 'T1', ...call, case: K64, over: ['grpc-js'], floor: 60, goal: 110 },
  { id: 'T1b', ...call, case: K64, over: ['undici + node:http'], floor: 9, goal: 16 },
  { id: 'T1c', ...call, case: K64, over: ['rsocket', 'msgpack-rpc', 'ioredis'], floor: 3.5, goal: 5 },
  { id: 'T1d', ...call, case: K64, over: ['thrift'], floor: 12, goal: 18 },
  { id: 'T2', ...call, case: K64, over: ['raw net'], floor: 0.75, goal: 1 },
  { id: 'T3', ...call, figure: 'cpu', case: K64, over: ['raw net'], floor: 2.4, goal: 1.8 },
  { id: 'T3b', ...call, figure: 'cpu', case: K64, over: ['grpc-js'], floor: 1 / 50, goal: 1 / 90 },
  { id: 'T4', ...call, figure: 'p50', case: K1, over: ['raw net'], floor: 1.1, goal: 1.05 },
  { id: 'T4', ...call, figure: 'p50', case: K1, over: ['grpc-js'], floor: 0.45, goal: 0.32 },
  { id: 'T5', ...call, figure: 'p99', case: K64, over: ['raw net'], floor: 3, goal: 2 },
  { id: 'T5', ...call, figure: 'p99', case: K64, over: ['grpc-js'], floor: 1 / 40, goal: 1 / 90 },
  { id: 'T6', ...call, case: K64, ofCase: 'k256 128 B c1', over: [OURS], floor: 1.3, goal: 1.6 },
  { id: 'T6', ...call, case: K64, ofCase: 'k1024 128 B c1', over: [OURS], floor: 1.6, goal: 2 },
  { id: 'T6', ...call, case: K64, ofCase: 'k64 128 B c4', over: [OURS], floor: 0.6, goal: 0.7 },
  { id: 'T7', ...bulk, case: BULK, over: ['raw net'], floor: 0.85, goal: 1.1 },
  { id: 'T7', ...bulk, case: BULK, over: ['ws + msgpackr'], floor: 1.6, goal: 2 },
  { id: 'T7', ...bulk, case: BULK, over: ['grpc-js'], floor: 12, goal: 18 },
  { id: 'T8', ...codec, case: 'message/encode/0-headers', over: ['protobufjs'], floor: 0.1, goal: 0.06 },
  { id: 'T8', ...codec, case: 'message/encode/2-headers/fresh', over: ['protobufjs'], floor: 0.3, goal: 0.2 },
  { id: 'T8', ...codec, case: 'message/encode/8-headers/fresh', over: ['protobufjs'], floor: 0.5, goal: 0.4 },
  { id: 'T9', ...codec, case: 'message/decode/0-headers', over: ['protobufjs'], floor: 0.35, goal: 0.2 },
  { id: 'T9', ...codec, case: 'message/decode/2-headers/repeated', over: ['protobufjs'], floor: 0.2, goal: 0.1 },
  { id: 'T9', ...codec, case: 'message/decode/8-headers/repeated', over: ['protobufjs'], floor: 0.2, goal: 0.1 },
  { id: 'T9c', ...codec, case: 'message/decode/2-headers/fresh', over: ['protobufjs'], floor: 1, goal: 0.85 },
  { id: 'T9c', ...codec, case: 'message/decode/8-headers/fresh', over: ['protobufjs'], floor: 1, goal: 0.85 },
  ...idle('client', 'raw net', 2, 1.5),
  ...idle('server', 'raw net', 2.5, 1.9),
  ...idle('client', 'grpc-js', 0.25, 0.15),
  ...idle('server', 'grpc-js', 0.5, 0.36),
  { id: 'T12', part: 'memory', figure: 'heap', case: 'call in flight, client', over: ['grpc-js'], floor: 1 / 15, goal: 1 / 30 },
  ...['get k64', 'index k64', 'bulk k1', 'health k64'].flatMap(onNodes),
];

/** How the run stands to each target it measured. */
export function standings({ measures }: Pick<Results, 'measures'>): Standing[] {
  return TARGETS.flatMap((target) => {
    const better = betterOf(target);
    const ours = find(measures, target, target.ofCase ?? target.case, OURS);
    const ratios = target.over.flatMap((contender) => {
      const theirs = find(measures, target, target.case, contender);
      return ours === undefined || theirs === undefined ? [] : [median(paired(ours.rounds, theirs.rounds))];
    });
    if (ratios.length === 0) return [];
    const ratio = better === 'higher' ? Math.min(...ratios) : Math.max(...ratios);
    return [{ ...target, ratio, holds: better === 'higher' ? ratio >= target.floor : ratio <= target.floor }];
  });
}

/** The standings as text. */
export function standingsText(all: readonly Standing[]): string {
  return ['targets', ...columns(standingRows(all))].join('\n');
}

/** The standings as rows of cells. */
export function standingRows(all: readonly Standing[]): string[][] {
  return all.map(({ id, figure, ofCase, case: name, over, ratio, floor, goal, holds }) => [
    `${id} ${ofCase ?? name} ${figure} ÷ ${over.join(', ')}${ofCase === undefined ? '' : ` (${name})`}`,
    digits(ratio),
    `floor ${digits(floor)}`,
    `goal ${digits(goal)}`,
    holds ? 'holds' : 'MISSED',
  ]);
}

function find(measures: readonly Measure[], { part, figure }: Target, name: string, contender: string): Measure | undefined {
  return measures.find((one) => one.part === part && one.case === name && one.figure === figure && one.contender === contender);
}

/** A goal above its floor asks for more, one below it for less. */
function betterOf({ floor, goal }: Target): 'higher' | 'lower' {
  return goal > floor ? 'higher' : 'lower';
}

function idle(end: 'client' | 'server', over: string, floor: number, goal: number): Target[] {
  return [{ id: 'T11', part: 'memory', figure: 'resident', case: `idle connection, ${end}`, over: [over], floor, goal }];
}

function onNodes(operation: string): Target[] {
  const of = { id: 'T17', part: 'node', figure: 'throughput', over: ['REST client'], floor: 1.5, goal: 3 } as const;
  return ['2.19.6', '3.9.0'].map((release) => ({ ...of, case: `OpenSearch ${release} ${operation}` }));
}
