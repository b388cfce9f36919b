import { CONTROL_CASE } from './features.ts';

const CALL = /^k(\d+) (.+) c(\d+)( TLS)?$/;
const OPEN = /^open (\d+)\/s (.+) c(\d+)$/;
const NODE = /^OpenSearch (\S+) (\w+) k(\d+)$/;
const CODEC = /^message\/(encode|decode)\/(.+)$/;
const SCALING = /^(calls in flight|connections|headers|actions|body KiB) (\d+)$/;

const OPERATIONS: Readonly<Record<string, string>> = { bulk: 'bulk of 1000 documents', rest: 'GET over HTTP' };
const FIGURES: Readonly<Record<string, string>> = {
  throughput: 'throughput',
  p50: 'latency, median (p50)',
  p99: 'latency, 99th percentile (p99)',
  cpu: 'CPU time per call, both ends together',
  'client cpu': 'CPU time per call, client alone',
  cost: 'CPU time, both ends together',
  time: 'time per operation',
  heap: 'JavaScript heap',
  external: 'memory outside the heap',
  resident: 'resident memory',
  'server peak': 'peak growth of the server',
  'server peak ÷ message': 'peak growth of the server, as a multiple of the message',
};

/** Returns the name of a case in plain words: `k64 128 B c1` is `64 calls in flight, 128 B bodies, 1 connection`. */
export function caseTitle(name: string): string {
  const call = CALL.exec(name);
  if (call !== null)
    return `${count(call[1], 'call')} in flight, ${call[2]} bodies, ${count(call[3], 'connection')}${call[4] ? ', TLS' : ''}`;
  const open = OPEN.exec(name);
  if (open !== null) return `open loop of ${open[1]} calls per second, ${open[2]} bodies, ${count(open[3], 'connection')}`;
  const node = NODE.exec(name);
  if (node !== null) return `OpenSearch ${node[1]}: ${OPERATIONS[node[2] ?? ''] ?? node[2]}, ${node[3]} in flight`;
  const codec = CODEC.exec(name);
  if (codec !== null) return `${codec[1]} a message: ${codec[2]?.replaceAll('-', ' ').replaceAll('/', ', ')}`;
  const scaling = SCALING.exec(name);
  if (scaling !== null)
    return scaling[1] === 'body KiB'
      ? `bodies of ${scaling[2]} KiB`
      : `${scaling[2]} ${scaling[2] === '1' ? scaling[1]?.replace(/s$/, '') : scaling[1]}`;
  return name === CONTROL_CASE.name ? 'A/A control: the same contender on both sides' : name;
}

/** Returns the name of a figure in plain words. */
export function figureTitle(figure: string): string {
  return FIGURES[figure] ?? figure;
}

function count(number: string | undefined, noun: string): string {
  return `${number} ${noun}${number === '1' ? '' : 's'}`;
}
