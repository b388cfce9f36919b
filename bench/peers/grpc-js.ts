import grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { inTurn, type Peer, type TlsFiles } from './peer.ts';
import { HOST, keyPair } from './sockets.ts';

interface EchoMessage {
  readonly body: Uint8Array;
}

const NOTHING = new Uint8Array(0);
const Echo = protobuf.parse('syntax = "proto3"; message Echo { bytes body = 1; }').root.lookupType('Echo');
const serialize = (message: EchoMessage): Buffer => Echo.encode(message).finish() as Buffer;
/** An absent field is protobufjs's default, an empty array. */
const deserialize = (bytes: Buffer): EchoMessage => {
  const { body } = Echo.decode(bytes) as unknown as EchoMessage;
  return { body: body.length === 0 ? NOTHING : body };
};

const service = {
  echo: {
    path: '/bench.Echo/Echo',
    requestStream: false,
    responseStream: false,
    requestSerialize: serialize,
    requestDeserialize: deserialize,
    responseSerialize: serialize,
    responseDeserialize: deserialize,
  },
} satisfies grpc.ServiceDefinition;

/** Messages of 1 MiB and more are allowed, and each channel has connections of its own. */
const OPTIONS = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1, 'grpc.use_local_subchannel_pool': 1 };

/** @grpc/grpc-js: unary calls with messages compiled by protobufjs, one channel a connection. */
export const grpcJs: Peer = {
  name: 'grpc-js',
  packages: ['@grpc/grpc-js', 'protobufjs'],
  tls: true,
  stalls: true,
  serve: async ({ tls, stall }) => {
    const server = new grpc.Server(OPTIONS);
    const echo: grpc.handleUnaryCall<EchoMessage, EchoMessage> = (call, callback) => {
      if (!stall) callback(null, call.request);
    };
    server.addService(service, { echo });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`${HOST}:0`, serverCredentials(tls), (error, bound) => (error === null ? resolve(bound) : reject(error)));
    });
    return { port, close: () => server.forceShutdown() };
  },
  connect: async (port, connections, { body, tls, fail }) => {
    const clients = await inTurn(connections, async () => {
      const client = new grpc.Client(`${HOST}:${port}`, clientCredentials(tls), OPTIONS);
      await new Promise<void>((resolve, reject) => {
        client.waitForReady(Date.now() + 10_000, (error) => (error === undefined || error === null ? resolve() : reject(error)));
      });
      return client;
    });
    return {
      echo: (answered) => {
        clients.next().makeUnaryRequest(service.echo.path, serialize, deserialize, { body }, (error, answer) => {
          if (error !== null || answer === undefined) fail(error);
          else answered(answer.body);
        });
      },
      close: () => clients.all.forEach((client) => client.close()),
    };
  },
};

function serverCredentials(tls: TlsFiles | null): grpc.ServerCredentials {
  if (tls === null) return grpc.ServerCredentials.createInsecure();
  const { key, cert } = keyPair(tls);
  return grpc.ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: cert }]);
}

function clientCredentials(tls: TlsFiles | null): grpc.ChannelCredentials {
  return tls === null ? grpc.credentials.createInsecure() : grpc.credentials.createSsl(keyPair(tls).cert);
}
