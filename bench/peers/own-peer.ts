import {
  type CallContext,
  type CallOptions,
  type Client,
  type createServer,
  defineAction,
  type release,
  rest,
  type Service,
} from 'opensearch-transport';
import type { Carrier, tcp, tls } from 'opensearch-transport/carrier';
import type { Part } from '../report/results.ts';
import { type Answer, type ConnectOptions, inTurn, type Peer, type PeerOptions, type ServeOptions, type TlsFiles } from './peer.ts';
import { libraryCopy } from './library-copy.ts';
import { HOST, keyPair } from './sockets.ts';

const GIB = 1024 ** 3;
/** A client has at most this many channels to a node. */
const MAX_CHANNELS = 100;
/** Bodies of 256 MiB are allowed, as the other contenders' limits are raised. */
const LIMITS = { maxFrameBytes: GIB };
/** As long as the names of OpenSearch's own actions. */
const ACTION_CHARACTERS = 40;

type EchoAction = ReturnType<typeof echoActions>[number];

/** The library itself: the package as built, or a copy of it. */
export interface OwnLibrary {
  readonly main: { readonly Client: typeof Client; readonly createServer: typeof createServer; readonly release: typeof release };
  readonly carrier: { readonly tcp: typeof tcp; readonly tls: typeof tls };
}

/** One way to use the library. Without any of these: its defaults, a deadline for each call, an async handler. */
export interface OwnVariant {
  readonly name: string;
  readonly note?: string;
  readonly parts?: readonly Part[];
  readonly library?: () => Promise<OwnLibrary>;
  readonly missing?: () => Promise<string | null>;
  readonly stalls?: boolean;
  readonly fullOnly?: boolean;
  /** What every call says. */
  readonly options?: CallOptions;
  /** On the client. */
  readonly interceptor?: <Context extends CallContext>(next: Service<Context>) => Service<Context>;
  /** On both ends. */
  readonly metrics?: boolean;
  /** Gives the memory of large bodies back, on both ends. */
  readonly releases?: boolean;
  /** The handler returns its answer instead of a promise of it. */
  readonly synchronous?: boolean;
}

/** This project as a contender. */
export function ownPeer(variant: OwnVariant): Peer {
  const { name, note, parts, missing, stalls = false, fullOnly = false } = variant;
  return {
    name,
    ...(note === undefined ? {} : { note }),
    ...(parts === undefined ? {} : { parts }),
    ...(missing === undefined ? {} : { missing }),
    packages: ['opensearch-transport'],
    tls: true,
    stalls,
    fullOnly,
    serve: (options) => serve(variant, options),
    connect: (port, connections, options) => connect(variant, port, connections, options),
  };
}

async function serve(variant: OwnVariant, options: ServeOptions) {
  const { metrics, releases, synchronous } = variant;
  const { main, carrier } = await libraryOf(variant, options);
  const server = main.createServer({
    carrier: carrierOf(carrier, options.tls),
    limits: LIMITS,
    maxInFlightBytes: GIB,
    maxInFlight: 100_000,
    maxConnections: 10_000,
    ...(metrics === undefined ? {} : { metrics }),
  });
  for (const action of echoActions(options.actions)) {
    if (options.stall) server.handle(action, () => new Promise<never>(() => {}));
    else if (synchronous === true) server.handle(action, (body) => body);
    else if (releases !== true) server.handle(action, async (body) => body);
    else {
      server.handle(action, async (body, context) => {
        context.releaseWhenAnswered(body);
        return body;
      });
    }
  }
  const { port } = await server.listen({ host: HOST, port: 0 });
  return { port, close: () => server.abort() };
}

async function connect(variant: OwnVariant, port: number, connections: number, options: ConnectOptions) {
  const { main, carrier } = await libraryOf(variant, options);
  const { interceptor, metrics } = variant;
  const channels = Math.min(connections, MAX_CHANNELS);
  const clients = await inTurn(Math.ceil(connections / channels), async () => {
    const client = new main.Client({
      nodes: [`${HOST}:${port}`],
      carrier: carrierOf(carrier, options.tls),
      profile: { reg: channels },
      limits: LIMITS,
      maxBufferedBytes: GIB,
      reconnect: false,
      ...(interceptor === undefined ? {} : { interceptors: [interceptor] }),
      ...(metrics === undefined ? {} : { metrics }),
    });
    await client.connect();
    return client;
  });
  return {
    echo: echoWith(variant, clients.next, options, main.release),
    close: () => clients.all.forEach((client) => client.abort()),
  };
}

function echoWith(
  { releases, options }: OwnVariant,
  next: () => Client,
  { body, fail, headers, actions: count }: ConnectOptions,
  giveBack: (bytes: Uint8Array) => void,
): (answered: (answer: Answer) => void) => void {
  const actions = echoActions(count);
  const [only] = actions as [EchoAction];
  const said = headers === 0 ? options : { ...options, headers: headersOf(headers) };
  if (count > 1) {
    let at = 0;
    return (answered) => {
      at = at + 1 === count ? 0 : at + 1;
      void next()
        .call(actions[at] as EchoAction, body, said)
        .then(answered, fail);
    };
  }
  if (releases !== true) return (answered) => void next().call(only, body, said).then(answered, fail);
  return (answered) =>
    void next()
      .call(only, body, said)
      .then((answer) => {
        answered(answer);
        giveBack(answer);
      }, fail);
}

/** Actions that echo, with names as long as OpenSearch's own. */
function echoActions(count: number) {
  return Array.from({ length: count }, (_, at) => {
    const name = `indices:data/write/index-of-notes[s${at}`.padEnd(ACTION_CHARACTERS - 1, '-');
    return defineAction({ name: `${name}]`, request: rest, response: rest });
  });
}

function headersOf(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-header-${at}`, `value-of-the-header-${at}`]));
}

function libraryOf({ library = asBuilt }: OwnVariant, { ownCopy }: PeerOptions): Promise<OwnLibrary> {
  return ownCopy === true && library === asBuilt ? libraryCopy() : library();
}

async function asBuilt(): Promise<OwnLibrary> {
  return { main: await import('opensearch-transport'), carrier: await import('opensearch-transport/carrier') };
}

function carrierOf(carrier: OwnLibrary['carrier'], files: TlsFiles | null): Carrier {
  return files === null ? carrier.tcp() : carrier.tls({ ...keyPair(files), rejectUnauthorized: false });
}
