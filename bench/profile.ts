// `npm run profile -- <peer> [client|server]` in bench/: one end of the headline case under --cpu-prof, and where its time went.
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digits } from './figures/units.ts';
import { type Role, startRole } from './harness/role.ts';
import { hotSpots } from './report/hot-spots.ts';
import { print, progress } from './report/say.ts';

const WARM_UP_MS = 1_000;
const PROFILED_MS = 4_000;

const [peer = 'opensearch-transport', end = 'client'] = process.argv.slice(2);
const folder = fileURLToPath(new URL('../profiles', import.meta.url));
mkdirSync(folder, { recursive: true });
const name = `${peer.replaceAll('/', '-')}-${end}-${Date.now()}.cpuprofile`;
const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}`];
const options = { peer, bodyBytes: 128, connections: 1, inFlight: 64, rate: null, tls: null, headers: 0, actions: 1, stall: false };

const server = startRole('server', { ...options, port: 0 }, end === 'server' ? flags : []);
let client: Role | null = null;
try {
  const { port } = await server.ask('ready');
  client = startRole('client', { ...options, port }, end === 'client' ? flags : []);
  await client.ask('ready');
  await client.ask('start');
  await sleep(WARM_UP_MS);
  await client.ask('begin');
  await sleep(PROFILED_MS);
  const { requests, seconds } = await client.ask('end');
  progress(`${digits(requests / seconds)} calls/s, profiled`);
} finally {
  await client?.close();
  await server.close();
}
print(await hotSpots(join(folder, name)));
print(`\n${join(folder, name)}`);
