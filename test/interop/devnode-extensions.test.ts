import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DevNode, devNode } from '../../src/devnode/dev-node.ts';
import type { AnyAction } from '../../src/protocol/action/define-action.ts';
import {
  addSettingsUpdateConsumer,
  clusterState,
  dependencyInformation,
  registerCustomSettings,
  registerRestActions,
  registerTransportActions,
  requestTransportAction,
} from '../../src/protocol/action/extension/extension.ts';
import type { ExtensionRestRequest } from '../../src/protocol/action/extension/node-to-extension.ts';
import { RemoteError } from '../../src/protocol/error/remote-error.ts';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import type { PeerChannel } from '../../src/transport/call/peer-channel.ts';
import { closeAll, initialise, type Reachable, rest, scriptedExtension } from '../support/devnode-extension.ts';
import { bootedNodes, describeReleases } from '../support/interop-node.ts';

/** Bodies of `POST /_extensions/initialize` that are refused; what is left out is as usual. */
const REFUSED_MEMBERS: readonly Readonly<Record<string, unknown>>[] = [
  { uniqueId: '' },
  { uniqueId: null },
  { uniqueId: 'a', dependencies: 5 },
  { uniqueId: 'a', dependencies: {} },
  { uniqueId: 'a', dependencies: [5] },
  { uniqueId: 'a', dependencies: [{}] },
  { uniqueId: 'a', dependencies: [{ uniqueId: 'x' }] },
  { uniqueId: 'a', dependencies: [{ uniqueId: 5, version: '2.0.0' }] },
  { uniqueId: 'a', dependencies: [{ uniqueId: 'x', version: '2' }] },
  { uniqueId: 'a', port: 'x' },
  { uniqueId: 'a', port: 70_000 },
  { uniqueId: 'a', port: {} },
  { uniqueId: 'a', port: 1.5 },
  { uniqueId: 'a', port: '' },
  { uniqueId: 'a', opensearchVersion: '2.19' },
  { uniqueId: 'a', opensearchVersion: '2.19.0-SNAPSHOT' },
  { uniqueId: 'a', opensearchVersion: 'x.y.z' },
  { uniqueId: 'a', opensearchVersion: '2.19.0-rc' },
  { uniqueId: 'a', minimumCompatibleVersion: '3.9.1' },
  { uniqueId: 'a', hostAddress: 'no.such.host.invalid' },
  { uniqueId: 'taken' },
];

const BODIES = ['', '[]', 'null', '1', '{}', '{"name":"n"}'];

type Message = readonly [AnyAction, unknown];

const ID = 'taken';
const routes = (restActions: string[], deprecatedRestActions: string[] = [], uniqueId: string | null = ID): Message => [
  registerRestActions,
  { uniqueId, restActions, deprecatedRestActions },
];
const setting = (key: string, properties: string[]): Message => [
  registerCustomSettings,
  { uniqueId: ID, settings: [{ type: 'Integer', key, default: 5, properties }] },
];
const proxied = (action: string): Message => [requestTransportAction, { uniqueId: ID, action, requestBytes: Buffer.from('x') }];

/** Requests of an extension, in this order: most of them are refused. */
const MESSAGES: readonly Message[] = [
  routes([], [], 'nope'),
  routes([], [], null),
  routes(['GET']),
  routes(['GET /x']),
  routes(['FETCH /x name']),
  routes(['GET /x bad-name']),
  routes([`GET /x ${'n'.repeat(251)}`]),
  routes(['GET /x  two']),
  routes(['GET /x a views:data/read', 'GET']),
  routes(['GET /y b cluster:monitor/main']),
  routes(['GET /z cluster:monitor/main']),
  routes(['GET /burnt burnt', 'GET']),
  routes(['GET /burnt other']),
  routes(['GET /other burnt']),
  routes(['GET /l l indices:admin/x,indices:admin/y', 'GET /l2 l2 indices:admin/y,indices:admin/x']),
  routes(['GET /p/{a} pa', 'GET /p/{b} pb']),
  routes([], ['GET /old', '']),
  routes([], ['GET /old', 'ü']),
  routes([], ['GET /old', 'use /fine', 'GET /odd']),
  routes([], ['GET /old', 'use /fine']),
  routes([], ['GETold', 'use /fine']),
  routes(['GET /fine fine', 'HEAD /fine hfine', 'GET /two/{name} two', 'POST /fine pfine', 'POST /two/{other} ptwo']),
  routes(['GET /again again']),
  [clusterState, { uniqueId: ID, requestType: 'GET_SETTINGS' }],
  [dependencyInformation, { uniqueId: ID }],
  [dependencyInformation, {}],
  [registerTransportActions, { uniqueId: ID, transportActions: ['act'] }],
  [registerTransportActions, { uniqueId: ID, transportActions: ['act'] }],
  [registerTransportActions, { uniqueId: 'nobody', transportActions: ['orphan', 'cluster:monitor/health', ''] }],
  proxied('nope'),
  proxied('orphan'),
  proxied('act'),
  setting('custom.count', ['Dynamic', 'NodeScope']),
  setting('custom.count', ['Dynamic', 'NodeScope']),
  setting('bad key', ['NodeScope']),
  setting('custom.unscoped', []),
  setting('custom.index', ['IndexScope']),
  setting('custom.static', ['NodeScope']),
];

/** Requests to the routes, with the header and the body they have. */
const REQUESTS: readonly (readonly [method: string, path: string, init?: RequestInit])[] = [
  ['GET', '/fine'],
  ['HEAD', '/fine'],
  ['OPTIONS', '/fine'],
  ['PUT', '/fine'],
  ['GET', '/nothing'],
  ['GET', '/fine/'],
  ['GET', '/fine?x=1&x=2&y&pretty'],
  ['GET', '/two/a%2Fb?name=q'],
  ['GET', '/two/unread?x=1'],
  ['GET', '/two/e409'],
  ['GET', '/two/typed?x=1'],
  ['GET', '/two/c204'],
  ['GET', '/two/lines'],
  ['GET', '/two/euro'],
  ['GET', '/two/no-type'],
  ['POST', '/fine', { body: '{}', headers: { 'Content-Type': 'application/json' } }],
  ['POST', '/fine', { body: 'a: 1', headers: { 'Content-Type': 'application/yaml' } }],
  ['POST', '/fine', { body: 'text', headers: { 'Content-Type': 'text/plain' } }],
  ['POST', '/fine'],
  ['GET', '/old'],
];

function answered({ path, method, params, headers, mediaType, content }: ExtensionRestRequest) {
  // The order of parameters is that of a hash table in a genuine node.
  const told = {
    method,
    path,
    params: Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    headers,
    mediaType,
    size: content.length,
  };
  const usual = {
    status: 'OK',
    contentType: 'application/json; charset=UTF-8',
    content: Buffer.from(JSON.stringify(told)),
    consumedParams: Object.keys(params),
  } as const;
  switch (params['name']) {
    case 'unread':
      return { ...usual, consumedParams: [] };
    case 'e409':
      throw new StatusError(409, null, 'already there');
    case 'typed':
      throw new StatusError(404, 'note_missing_exception', 'no such note', { metadata: { 'opensearch.note': ['17'] } });
    case 'c204':
      return { ...usual, status: 'NO_CONTENT' } as const;
    case 'lines':
      return { ...usual, headers: { 'X-Line': ['a', 'b'], 'Content-Type': ['text/csv'] } } as const;
    case 'euro':
      return { ...usual, headers: { 'X-Euro': ['€ü'] } } as const;
    case 'no-type':
      return { ...usual, contentType: '' } as const;
    default:
      return usual;
  }
}

/** Of a message: the answer, or what is told about a refusal. */
async function outcome(channel: PeerChannel, [action, request]: Message): Promise<unknown> {
  try {
    return await channel.call(action, request as never);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    const { remoteType, reason, status, remote } = error;
    return { remoteType, reason, status, classes: [remote.class, remote.cause?.class, remote.cause?.cause?.class] };
  }
}

/** Of a REST answer: what clients see but for what depends on the node. */
async function seen(node: Reachable, [method, path, init]: (typeof REQUESTS)[number]): Promise<unknown> {
  const { status, text, headers } = await rest(node, method, `/_extensions/_${ID}${path}`, init);
  const kept = [...headers].filter(([name]) => name !== 'content-length' && name !== 'warning');
  return JSON.parse(JSON.stringify({ status, text, headers: Object.fromEntries(kept) }).replaceAll(METHODS, sorted)) as unknown;
}

/** Allowed methods, whose order changes with each start of a genuine node. */
const METHODS = /[A-Z]+(?:, ?[A-Z]+)+/g;

function sorted(methods: string): string {
  return methods.split(/, ?/).sort().join(', ');
}

await describeReleases('a development node and its extensions', (version) => {
  const booted = bootedNodes({ genuine: { version } });
  let development: DevNode;
  let nodes: readonly [Reachable, Reachable];
  let channels: readonly [PeerChannel, PeerChannel];

  async function served(node: Reachable): Promise<PeerChannel> {
    const scripted = await scriptedExtension({ answer: answered });
    await initialise(node, { port: scripted.port, uniqueId: ID });
    return scripted.initialised;
  }

  beforeAll(async () => {
    development = await devNode({ version });
    nodes = [booted.genuine, development];
    channels = [await served(nodes[0]), await served(nodes[1])];
  });
  afterAll(async () => {
    await development.close();
    await closeAll();
  });

  // Soft: one test tells of everything that differs.
  test('what is refused at once', async () => {
    const [genuine, own] = nodes;
    for (const members of REFUSED_MEMBERS) {
      const { status, text } = await initialise(genuine, members);
      expect.soft(await initialise(own, members), JSON.stringify(members)).toMatchObject({ status, text: withoutPort(text) });
    }
    const post = async (node: Reachable, body: string) => {
      const { status, text } = await rest(node, 'POST', '/_extensions/initialize', {
        body,
        headers: { 'Content-Type': 'application/json' },
      });
      return { status, text };
    };
    for (const body of BODIES) expect.soft(await post(own, body), body).toEqual(await post(genuine, body));
  });

  test('what extensions ask for', async () => {
    for (const message of MESSAGES) {
      const expected = await outcome(channels[0], message);
      expect.soft(await outcome(channels[1], message), JSON.stringify(message[1])).toEqual(expected);
    }
    const subscribed = (key: string, properties: string[]): Message => {
      const extensionNode = { name: 'Raw', id: ID, ephemeralId: 'e', hostName: 'h', hostAddress: '127.0.0.1', versionId: 136407827 };
      const address = { ip: '7f000001', host: '127.0.0.1', port: 1 };
      const settings = [{ type: 'Integer', key, default: 5, properties }];
      return [addSettingsUpdateConsumer, { extensionNode: { ...extensionNode, address, minimumCompatibleVersionId: 136407827 }, settings }];
    };
    const keys = ['custom.unknown', 'custom.static'];
    for (const message of [...keys.map((key) => subscribed(key, ['NodeScope'])), subscribed('custom.static', [])]) {
      const expected = await outcome(channels[0], message);
      expect.soft(await outcome(channels[1], message), JSON.stringify(message[1])).toEqual(expected);
    }
  });

  test('what clients see', async () => {
    const [genuine, own] = nodes;
    for (const request of REQUESTS) {
      expect.soft(await seen(own, request), `${request[0]} ${request[1]}`).toEqual(await seen(genuine, request));
    }
  });
});

/** The duplicate's refusal names the port. */
function withoutPort(text: string): unknown {
  return text.startsWith('Duplicate')
    ? expect.stringMatching(/^Duplicate uniqueId \[taken\]\. Did not load extension: Extension \[name=Raw,/)
    : text;
}
