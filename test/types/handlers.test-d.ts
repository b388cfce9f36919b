/** What the compiler makes of handlers and interceptors. */
import {
  type ClientCallContext,
  createClient,
  createServer,
  defineAction,
  type Handler,
  type Interceptor,
  optional,
  type ServerCallContext,
  strictRequests,
  string,
  struct,
  vInt,
  withDefault,
} from '../../src/index.ts';
import { cluster, docs } from '../../src/actions.ts';
import { type Equal, holds } from './expect-type.ts';

const greet = defineAction({
  name: 'demo:greet',
  request: struct({ name: string, times: withDefault(vInt, 1) }),
  response: struct({ text: string, note: optional(string) }),
});

/** Never called: the compiler reads it. */
export function handlers(): void {
  const server = createServer();

  server.handle(greet, ({ name, times }, context) => {
    holds<Equal<typeof name, string>>();
    holds<Equal<typeof times, number>>();
    holds<Equal<typeof context, ServerCallContext>>();
    return { text: name.repeat(times) };
  });
  server.handle(greet, async ({ name }) => ({ text: name, note: null }), { concurrency: 2 });
  // @ts-expect-error text is missing
  server.handle(greet, () => ({ note: null }));
  // @ts-expect-error text is a string
  server.handle(greet, () => ({ text: 1 }));
  // @ts-expect-error an answer is always given
  server.handle(greet, () => undefined);
  // @ts-expect-error a promise of a wrong answer is as wrong
  server.handle(greet, async () => ({ text: 1 }));
  // @ts-expect-error requests have no such field
  server.handle(greet, ({ title }) => ({ text: String(title) }));

  // Names from a closed list need no annotation.
  server.handle(docs.get, ({ id, index }) => ({ index: index ?? '', id, exists: false }));
  server.handle(docs.delete, async ({ id }) => {
    const found = id !== '0';
    return {
      shardInfo: { total: 1, successful: 1 },
      shardId: { index: 'notes', uuid: '_na_', shard: 0 },
      id,
      version: 1,
      seqNo: 0n,
      primaryTerm: 1,
      result: found ? 'DELETED' : 'NOT_FOUND',
    };
  });
  const counts = {
    activePrimaryShards: 0,
    activeShards: 0,
    relocatingShards: 0,
    initializingShards: 0,
    unassignedShards: 0,
    numberOfNodes: 1,
    numberOfDataNodes: 1,
    hasDiscoveredClusterManager: true,
    activeShardsPercent: 100,
  };
  server.handle(cluster.health, () => ({ ...counts, clusterName: 'c', status: 'GREEN', stateStatus: 'GREEN' }));
  // @ts-expect-error a cluster is not blue
  server.handle(cluster.health, () => ({ ...counts, clusterName: 'c', status: 'BLUE', stateStatus: 'GREEN' }));
}

export const handler: Handler<typeof greet> = ({ name }) => ({ text: name });

/** Behaviour that needs nothing of either end serves both. */
const either: Interceptor = (next) => (call) => next(call);

const clientSide: Interceptor<ClientCallContext> = (next) => (call) => {
  holds<Equal<typeof call.context.timeoutMs, number>>();
  return next({ ...call, context: { ...call.context, timeoutMs: call.context.timeoutMs / 2 } });
};

const serverSide: Interceptor<ServerCallContext> = (next) => (call) => {
  call.context.addResponseHeader('Warning', 'slow');
  // @ts-expect-error a request is unknown until its action is looked at
  void call.request.text;
  return next(call);
};

export const client = (): unknown => createClient({ nodes: ['127.0.0.1:9300'], interceptors: [clientSide] });
export const server = (): unknown => createServer({ interceptors: [serverSide] });
/** Changes the context and the answer. */
const renamed: Interceptor = (next) => async (call) => {
  const answer = await next({ ...call, context: { ...call.context, headers: { ...call.context.headers, tenant: 'a' } } });
  return answer;
};

export const bothEnds = (): unknown[] => [
  createClient({ nodes: ['127.0.0.1:9300'], interceptors: [either, strictRequests, renamed, clientSide] }),
  createServer({ interceptors: [either, strictRequests, renamed, serverSide] }),
];

const other: Interceptor = (next) => (call) => {
  // @ts-expect-error only calls of a client have a time limit
  void call.context.timeoutMs;
  return next(call);
};
export { other };

// @ts-expect-error a client has no use for an interceptor of servers
export const mixed = (): unknown => createClient({ nodes: [], interceptors: [serverSide] });
// @ts-expect-error nodes are needed
export const nowhere = (): unknown => createClient({});
