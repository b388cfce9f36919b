import { Client, createServer, defineAction, rest, type ServerOptions } from 'opensearch-transport';
import { type Carrier, tcp, tls as overTls } from 'opensearch-transport/carrier';
import { inTurn, type Peer, type TlsFiles } from './peer.ts';
import { HOST, keyPair } from './sockets.ts';

const GIB = 1024 ** 3;
/** A client has at most this many channels to a node. */
const MAX_CHANNELS = 100;
/** Bodies of 256 MiB are allowed, as the other contenders' limits are raised. */
const LIMITS = { maxFrameBytes: GIB };

/** 40 characters, as OpenSearch's own actions have. */
const echo = defineAction({ name: 'indices:data/write/index-of-notes[shard]', request: rest, response: rest });

/** This project, with its defaults: deadlines, promises, an async handler. */
export const opensearchTransport: Peer = {
  name: 'opensearch-transport',
  packages: ['opensearch-transport'],
  tls: true,
  stalls: true,
  serve: async ({ tls, stall }) => {
    const options: ServerOptions = {
      carrier: carrierOf(tls),
      limits: LIMITS,
      maxInFlightBytes: GIB,
      maxInFlight: 100_000,
      maxConnections: 10_000,
    };
    const server = createServer(options);
    server.handle(echo, stall ? () => new Promise<never>(() => {}) : async (body) => body);
    const { port } = await server.listen({ host: HOST, port: 0 });
    return { port, close: () => server.abort() };
  },
  connect: async (port, connections, { body, tls, fail }) => {
    const channels = Math.min(connections, MAX_CHANNELS);
    const clients = await inTurn(Math.ceil(connections / channels), async () => {
      const client = new Client({
        nodes: [`${HOST}:${port}`],
        carrier: carrierOf(tls),
        profile: { reg: channels },
        limits: LIMITS,
        maxBufferedBytes: GIB,
        reconnect: false,
      });
      await client.connect();
      return client;
    });
    return {
      echo: (answered) => void clients.next().call(echo, body).then(answered, fail),
      close: () => clients.all.forEach((client) => client.abort()),
    };
  },
};

function carrierOf(tls: TlsFiles | null): Carrier {
  return tls === null ? tcp() : overTls({ ...keyPair(tls), rejectUnauthorized: false });
}
