import { setTimeout as sleep } from 'node:timers/promises';
import { slope } from './figures/statistics.ts';
import { bytes, withUnit } from './figures/units.ts';
import { type Contender, gather } from './harness/contenders.ts';
import { type Footprint, type Role, type RoleOptions, startRole } from './harness/role.ts';
import type { RunOptions } from './options.ts';
import { addRound, type Findings, type Measure, noFindings } from './report/results.ts';
import { progress } from './report/say.ts';

const FLAGS = ['--expose-gc'];
const BODY_BYTES = 128;
const MIB = 1024 * 1024;
const COUNTS = {
  quick: { connections: 20, inFlight: 200, calls: 2_000, messageBytes: MIB },
  headline: { connections: 1_000, inFlight: 10_000, calls: 100_000, messageBytes: 256 * MIB },
  full: { connections: 1_000, inFlight: 10_000, calls: 1_000_000, messageBytes: 256 * MIB },
} as const;
/** Points the leak's line goes through, the first one after warming up. */
const LEAK_POINTS = 6;
/** Contenders slower than this do not finish their calls: their slope goes through those they made. */
const LEAK_SECONDS = 60;

type Counts = (typeof COUNTS)[keyof typeof COUNTS];
type Run = (contender: string, key: string, counts: Counts, findings: Findings) => Promise<void>;

const OWN = 'opensearch-transport';
const STREAMED = 'opensearch-transport/streamed';
const FIELD = [OWN, 'raw-net', 'grpc-js'];

/** What is weighed, for whom in the headline set, and whether one round is enough. */
const CASES: Readonly<Record<string, { readonly run: Run; readonly field: readonly string[]; readonly once?: boolean }>> = {
  'idle connection': { run: idle, field: FIELD },
  'call in flight': { run: inFlight, field: FIELD },
  // A slope has many points already.
  'growth per call': { run: leak, field: [OWN], once: true },
  'one message': { run: oneMessage, field: [OWN, 'raw-net'] },
  'one message, streamed': { run: oneStream, field: [STREAMED] },
};

/** Memory after garbage collection: idle connections, calls in flight, growth over many calls. */
export async function runMemory(options: RunOptions): Promise<Findings> {
  const { mode, only, matrix, cases, rounds } = options;
  const { contenders, absent, versions, control, again } = await gather('memory', options);
  const findings: Findings = { ...noFindings(), versions, absences: absent.map((one) => ({ part: 'memory', ...one })) };
  if (control === null || again === null) return findings;
  findings.controls.push({ part: 'memory', contender: control.name, again: again.name });
  const counts = COUNTS[mode];
  // Brokers and shared sockets have no connections of their own to weigh.
  const able = [...contenders, ...(mode === 'quick' ? [] : [again])].filter(({ peer }) => peer.stalls === true);
  for (const [name, { run, once = false, field }] of Object.entries(CASES).filter(([key]) => cases.test(key))) {
    const takesPart = ({ key }: Contender): boolean =>
      key === STREAMED ? field.includes(key) : matrix || only.includes(key) || field.includes(key);
    for (let round = 0; round < (once ? 1 : rounds); round++) {
      for (const { key, name: contender } of able.filter(takesPart)) {
        progress(`memory · ${name} · round ${round + 1}/${rounds} · ${contender}`);
        try {
          await run(contender, key, counts, findings);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          progress(`memory · ${name} · ${contender} failed: ${reason}`);
          findings.absences.push({ part: 'memory', contender, case: name, reason });
        }
      }
    }
  }
  return findings;
}

/** Connections that made one call each and then do nothing. */
async function idle(contender: string, key: string, { connections }: Counts, findings: Findings): Promise<void> {
  await between(key, { connections: 1 }, async (client, server) => {
    await client.ask('open', 1);
    const before = await both(client, server);
    await client.ask('open', connections);
    const after = await both(client, server);
    for (const end of ['client', 'server'] as const)
      weigh(findings, contender, `idle connection, ${end}`, before[end], after[end], connections);
  });
}

/** Calls whose server never answers. */
async function inFlight(contender: string, key: string, { inFlight: calls }: Counts, findings: Findings): Promise<void> {
  await between(key, { stall: true, inFlight: calls }, async (client) => {
    const before = await client.ask('memory');
    await client.ask('pile');
    await sleep(500);
    weigh(findings, contender, 'call in flight, client', before, await client.ask('memory'), calls);
  });
}

/** One huge message, assembled and echoed: what the server needs at its peak, and how long it takes. */
async function oneMessage(contender: string, key: string, { messageBytes }: Counts, { measures }: Findings): Promise<void> {
  const { growth, millis } = await sendOne(key, messageBytes);
  const of = { part: 'memory', case: 'one message', contender, better: 'lower' } as const;
  addRound(measures, { ...of, figure: 'server peak ÷ message', unit: '×' }, growth / messageBytes);
  addRound(measures, { ...of, figure: 'time', unit: 'ms' }, millis);
}

/** The same message read piece by piece. */
async function oneStream(contender: string, key: string, { messageBytes }: Counts, { measures }: Findings): Promise<void> {
  const { growth, millis } = await sendOne(key, messageBytes);
  const of = { part: 'memory', case: 'one message, streamed', contender, better: 'lower' } as const;
  addRound(measures, { ...of, figure: 'server peak', unit: 'B' }, growth);
  addRound(measures, { ...of, figure: 'time', unit: 'ms' }, millis);
}

/** Bytes the server grew by at its peak, and how long it took. */
async function sendOne(key: string, bodyBytes: number): Promise<{ readonly growth: number; readonly millis: number }> {
  let figures = { growth: 0, millis: 0 };
  await between(key, { bodyBytes }, async (client, server) => {
    const before = await server.ask('memory');
    const millis = await client.ask('once');
    const { peak } = await server.ask('memory');
    figures = { growth: peak - before.resident, millis };
    progress(`memory · ${bytes(bodyBytes)} · server grew by ${bytes(figures.growth)} in ${millis.toFixed(0)} ms`);
  });
  return figures;
}

/** What stays behind of a call: the slope of the heap over many. */
async function leak(contender: string, key: string, { calls }: Counts, findings: Findings): Promise<void> {
  await between(key, { inFlight: 64 }, async (client, server) => {
    const points = { client: [] as [number, number][], server: [] as [number, number][] };
    await client.ask('start');
    await client.ask('begin');
    const end = performance.now() + LEAK_SECONDS * 1000;
    for (let point = 1; point <= LEAK_POINTS && performance.now() < end; point++) {
      const made = await untilCalls(client, (calls * point) / LEAK_POINTS, end);
      const heaps = await both(client, server);
      for (const side of ['client', 'server'] as const) points[side].push([made, heaps[side].heap]);
    }
    for (const side of ['client', 'server'] as const) {
      const bytesPerCall = slope(points[side].slice(1));
      const of = { part: 'memory', case: `growth per call, ${side}`, figure: 'heap', contender, unit: 'B/op', better: 'lower' } as const;
      addRound(findings.measures, of, bytesPerCall);
      findings.samples.push({ ...of, points: points[side] });
    }
  });
}

async function untilCalls(client: Role, calls: number, end: number): Promise<number> {
  for (;;) {
    const { requests } = await client.ask('end');
    if (requests >= calls || performance.now() > end) return requests;
    await sleep(50);
  }
}

async function both(client: Role, server: Role): Promise<Record<'client' | 'server', Footprint>> {
  return { client: await client.ask('memory'), server: await server.ask('memory') };
}

function weigh(findings: Findings, contender: string, name: string, before: Footprint, after: Footprint, count: number): void {
  for (const figure of ['heap', 'external', 'resident'] as const) {
    const of: Omit<Measure, 'rounds'> = { part: 'memory', case: name, figure, contender, unit: 'B', better: 'lower' };
    const each = (after[figure] - before[figure]) / count;
    addRound(findings.measures, of, each);
    progress(`memory · ${name} · ${contender} · ${figure} ${withUnit(each, 'B')}`);
  }
}

async function between(peer: string, shape: Partial<RoleOptions>, run: (client: Role, server: Role) => Promise<void>): Promise<void> {
  const options: RoleOptions = {
    peer,
    bodyBytes: BODY_BYTES,
    tls: null,
    headers: 0,
    actions: 1,
    stall: false,
    port: 0,
    connections: 1,
    inFlight: 1,
    rate: null,
    ...shape,
  };
  const server = startRole('server', options, FLAGS);
  let client: Role | null = null;
  try {
    const { port } = await server.ask('ready');
    client = startRole('client', { ...options, port }, FLAGS);
    await client.ask('ready');
    await run(client, server);
  } finally {
    await client?.close();
    await server.close();
  }
}
