import { describe, expect, test } from 'vitest';
import { extension } from '../../../src/extension/extension.ts';
import { createClient, createServer, defineAction, string, struct } from '../../../src/index.ts';
import { prepareRealNode } from '../../../src/realnode/artefacts.ts';
import { startRealNode } from '../../../src/realnode/real-node.ts';
import { memoryCarrier } from '../../../src/transport/carrier/memory.ts';
import { tcp } from '../../../src/transport/carrier/tcp.ts';
import { tls } from '../../../src/transport/carrier/tls.ts';

const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const nodes = ['127.0.0.1:9300'];

/** What JavaScript callers may hand over. */
const client = (options: unknown) => () => createClient(options as never);
const clientWith = (options: object) => client({ nodes, ...options });
const server = (options: unknown) => () => createServer(options as never);
const ext = (options: unknown) => () => extension(options as never);
const tlsWith = (options: unknown) => () => tls(options as never);

describe.each<[string, readonly (readonly [make: () => unknown, text: string])[]]>([
  [
    'a client',
    [
      [client(undefined), "a client must be given a node such as '127.0.0.1:9300' or an options object, got undefined"],
      [client(null), "a client must be given a node such as '127.0.0.1:9300' or an options object, got null"],
      [client(nodes), "a client must be given a node such as '127.0.0.1:9300' or an options object, got an array"],
      [client(9300), "a client must be given a node such as '127.0.0.1:9300' or an options object, got 9300"],
      [client({}), "nodes is missing: it must be an array of nodes such as ['127.0.0.1:9300']"],
      [client({ nodes: [] }), "nodes must have at least one node, for example '127.0.0.1:9300'"],
      [
        client({ nodes: '127.0.0.1:9300' }),
        "nodes must be an array of nodes such as ['127.0.0.1:9300'] (for one node without other options, call createClient('127.0.0.1:9300')), got the string '127.0.0.1:9300'",
      ],
      [client({ nodes: [9300] }), 'nodes[0] must be a string, got 9300'],
      [clientWith({ timeOutMs: 5 }), 'unknown option timeOutMs of a client; did you mean timeoutMs?'],
      [clientWith({ timeoutMs: '5' }), "timeoutMs must be a number of milliseconds > 0, got the string '5'"],
      [clientWith({ connectTimeoutMs: 0 }), 'connectTimeoutMs must be a number of milliseconds > 0, got 0'],
      [clientWith({ pingIntervalMs: Infinity }), 'pingIntervalMs must be a number of milliseconds from 0 to 2147483647, got Infinity'],
      [clientWith({ maxInFlight: -1 }), 'maxInFlight must be an integer >= 1, got -1'],
      [clientWith({ maxInFlight: 1.5 }), 'maxInFlight must be an integer >= 1, got 1.5'],
      [clientWith({ maxBufferedBytes: 5n }), 'maxBufferedBytes must be an integer >= 1, got a bigint'],
      [clientWith({ compress: 'yes' }), "compress must be a boolean, got the string 'yes'"],
      [clientWith({ metrics: 1 }), 'metrics must be a boolean, got 1'],
      [clientWith({ carrier: tcp }), 'carrier must be a carrier such as tcp(), got a function'],
      [clientWith({ clusterName: '' }), "clusterName must be a non-empty string, got the string ''"],
      [clientWith({ profile: 'nodes' }), "profile must be one of 'single', 'node', got the string 'nodes'"],
      [
        clientWith({ profile: { reg: 0 } }),
        'profile.reg must be an integer >= 1, got 0: every purpose without channels of its own uses these',
      ],
      [clientWith({ profile: { bulk: 101, reg: 1 } }), 'profile.bulk must be an integer from 0 to 100, got 101'],
      [clientWith({ profile: { regs: 1 } }), 'unknown option profile.regs of a connection profile; did you mean profile.reg?'],
      [clientWith({ reconnect: true }), 'reconnect must be an object, got true'],
      [clientWith({ reconnect: { factor: 0.5 } }), 'reconnect.factor must be a number >= 1, got 0.5'],
      [clientWith({ reconnect: { baseMS: 1 } }), 'unknown option reconnect.baseMS of reconnect; did you mean reconnect.baseMs?'],
      [clientWith({ limits: { maxFrameBytes: NaN } }), 'limits.maxFrameBytes must be an integer >= 1, got NaN'],
      [clientWith({ limits: [] }), 'limits must be an object, got an array'],
      [clientWith({ interceptors: () => undefined }), 'interceptors must be an array of interceptors, got a function'],
      [clientWith({ interceptors: [null] }), 'interceptors[0] must be a function, got null'],
      [clientWith({ version: 3 }), 'version must be a version such as 2.19.6 or 3.0.0-rc1, got 3'],
      [clientWith({ version: '3.10.0' }), "version must be at most 3.9.0, the newest this package speaks, got '3.10.0'"],
      [
        clientWith({ acceptVersions: { from: 'x' } }),
        "acceptVersions.from must be a version such as 2.19.6 or 3.0.0-rc1, got the string 'x'",
      ],
      [clientWith({ identity: { nodeId: 5 } }), 'identity.nodeId must be a non-empty string, got 5'],
      [clientWith({ serve: { maxInflight: 5 } }), 'unknown option serve.maxInflight of serve; did you mean serve.maxInFlight?'],
      [clientWith({ onEvent: new Map() }), 'onEvent must be a function, got an object of class Map'],
    ],
  ],
  [
    'a server',
    [
      [server(null), 'the options of a server must be an object, got null'],
      [server('9300'), "the options of a server must be an object, got the string '9300'"],
      [server({ maxConnection: 5 }), 'unknown option maxConnection of a server; did you mean maxConnections?'],
      [server({ maxConnections: 0 }), 'maxConnections must be an integer >= 1, got 0'],
      [server({ maxInFlightBytes: '1' }), "maxInFlightBytes must be an integer >= 0, got the string '1'"],
      [server({ handshakeTimeoutMs: null }), 'handshakeTimeoutMs must be a number of milliseconds > 0, got null'],
      [server({ nodeName: 5 }), 'nodeName must be a non-empty string, got 5'],
      [server({ version: '4.0.0' }), "version must be older than 4.0.0, got '4.0.0'"],
      [server({ identity: { nodeName: 'x' } }), 'unknown option identity.nodeName of identity; expected one of nodeId, ephemeralId'],
      [
        () => createServer().handle(echo, (request) => request, { concurency: 1 } as never),
        'unknown option concurency of the handler of demo:echo; did you mean concurrency?',
      ],
      [() => createServer().handle(echo, (request) => request, { concurrency: 0 }), 'concurrency must be an integer >= 1, got 0'],
    ],
  ],
  [
    'an extension',
    [
      [ext(undefined), 'the options of an extension must be an object, got undefined'],
      [ext({}), 'port is missing: it must be an integer from 0 to 65535'],
      [ext({ port: '4599' }), "port must be an integer from 0 to 65535, got the string '4599'"],
      [ext({ port: 4599, timeoutMs: '5' }), "timeoutMs must be a number of milliseconds > 0, got the string '5'"],
      [ext({ port: 4599, hostt: 'x' }), 'unknown option hostt of an extension; did you mean host?'],
      [
        ext({ port: 4599, maxConnections: 5 }),
        'unknown option maxConnections of an extension; expected one of port, host, carrier, timeoutMs, settingsIntervalMs, nodeWaitMs, strictParams, genericRoutes, answerOn, restUrl, limits, interceptors, onEvent',
      ],
    ],
  ],
  [
    'a carrier',
    [
      [() => tcp({ reads: 'fast' } as never), "reads must be one of 'auto', 'data', got the string 'fast'"],
      [() => tcp(null as never), 'the options of tcp() must be an object, got null'],
      [() => memoryCarrier({ chunkBytes: 0 }), 'chunkBytes must be an integer >= 1, got 0'],
      [() => memoryCarrier({ lingerMs: -1 }), 'lingerMs must be a number of milliseconds from 0 to 2147483647, got -1'],
      [tlsWith({ certificate: 'x' }), 'unknown option certificate of tls(); expected one of'],
      [tlsWith({ minVersion: 'TLSv1.1' }), "minVersion must be one of 'TLSv1.2', 'TLSv1.3', got the string 'TLSv1.1'"],
      [tlsWith({ key: 5 }), 'key must be PEM text or a Buffer, or an array of them, got a number'],
      [tlsWith({ pfx: 'secret' }), 'pfx must be a Buffer with the content of a PKCS#12 file, got a string'],
      [tlsWith({ passphrase: ['secret'] }), 'passphrase must be a string, got an array'],
      [tlsWith({ ciphers: 'NONSENSE' }), 'TLS: `ciphers` must name at least one suite that this Node.js supports'],
    ],
  ],
])('a bad option of %s is ERR_CONFIG', (_what, cases) => {
  test.each(cases.map(([make, text]) => [text, make] as const))('%s', (text, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'UsageError', code: 'ERR_CONFIG', delivery: 'not-sent' }));
    expect(make).toThrow(text);
  });
});

test.each<[unknown, string]>([
  [undefined, 'the options of startRealNode() must be an object, got undefined'],
  [{}, 'version is missing: it must be a string'],
  [{ version: '3.9.0', heapMB: 5 }, 'unknown option heapMB of startRealNode(); did you mean heapMb?'],
  [{ version: '3.9.0', heapMb: '512' }, "heapMb must be an integer > 0, got the string '512'"],
  [{ version: '3.9.0', httpPort: 70_000 }, 'httpPort must be an integer from 0 to 65535, got 70000'],
])('a bad option of a genuine node is ERR_CONFIG: %s', async (options, text) => {
  await expect(startRealNode(options as never)).rejects.toMatchObject({ code: 'ERR_CONFIG', message: text });
});

test('and of its preparation', async () => {
  await expect(prepareRealNode({ version: '3.9.0', ofline: true } as never)).rejects.toMatchObject({
    code: 'ERR_CONFIG',
    message: 'unknown option ofline of prepareRealNode(); did you mean offline?',
  });
});

test('secrets are never shown', () => {
  for (const make of [
    tlsWith({ passphrase: 5, key: 'hunter2' }),
    tlsWith({ cert: 'hunter2', key: 'hunter2' }),
    tlsWith({ pfx: 'hunter2' }),
  ]) {
    expect(make).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }));
  }
});

test('options that are undefined count as left out', () => {
  expect(() => createClient({ nodes, timeoutMs: undefined, reconnect: undefined } as never)).not.toThrow();
  expect(() => createServer({ maxConnections: undefined } as never)).not.toThrow();
});

test.each<[string, () => unknown, string]>([
  ['an action', () => createServer().handle(undefined as never, () => ({}) as never), 'expected an action, got undefined: take one from'],
  ['a handler', () => createServer().handle(echo, undefined as never), 'the handler of demo:echo must be a function, got undefined'],
])('handle() says what is missing: %s', (_what, make, text) => {
  expect(make).toThrow(expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(text) }));
});

test('listen() says what it must be given', async () => {
  await expect(createServer().listen(undefined as never)).rejects.toMatchObject({
    code: 'ERR_USAGE',
    message: 'listen() must be given a port or { host, port }, got undefined',
  });
  await expect(createServer().listen({ port: '9300' } as never)).rejects.toMatchObject({
    code: 'ERR_USAGE',
    message: "the port to listen on must be an integer from 0 to 65535, got the string '9300'",
  });
});
