import type { Purpose } from '../../protocol/action/define-action.ts';
import { DeadlineError, DialError, type TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { versionText } from '../../protocol/wire/version.ts';
import { formatEndpoint } from '../carrier/endpoint.ts';
import type { Endpoint } from '../carrier/link.ts';
import { cancelledBeforeSending } from '../channel/outgoing-calls.ts';
import type { Channel } from '../channel/channel.ts';
import { handshakeState } from '../channel/handshake.ts';
import { waitUntil } from '../util/deadline-wheel.ts';
import type { SignalRegistry } from '../util/signal-registry.ts';
import type { Connection, ConnectionState } from './connection.ts';

/** The state of one node of a client, and what its handshake said. */
export interface NodeStatus {
  readonly endpoint: Endpoint;
  readonly state: ConnectionState;
  /** Name of the node, while connected: of a long one the first 256 characters. */
  readonly name: string | null;
  /** Name of its cluster, while connected: of a long one the first 256 characters. */
  readonly clusterName: string | null;
  /** Release of the node, while connected. */
  readonly version: string | null;
  /** Stream version of requests, while connected. */
  readonly streamVersion: string | null;
}

/** The connections of one client, used in turn. */
export class NodePool {
  readonly #connections: readonly Connection[];
  readonly #signals: SignalRegistry;
  #turn = 0;
  #closing: Promise<void> | null = null;

  /** @param signals where callers' signals are watched */
  constructor(connections: readonly Connection[], signals: SignalRegistry) {
    this.#connections = connections;
    this.#signals = signals;
  }

  /** The state of each node, in the order given. */
  get statuses(): readonly NodeStatus[] {
    return this.#connections.map(statusOf);
  }

  /** Every open channel of every node. */
  *channels(): Iterable<Channel> {
    for (const { channels } of this.#connections) yield* channels;
  }

  /** Returns a channel of a connected node, those that answer in turn; null if no node is connected. */
  // hot: call
  pick(purpose: Purpose): Channel | null {
    const connections = this.#connections;
    const count = connections.length;
    if (count === 1) return openOnly((connections[0] as Connection).channelFor(purpose)) ?? this.#pickSuspected(purpose);
    for (let tries = 0; tries < count; tries++) {
      this.#turn = this.#turn + 1 === count ? 0 : this.#turn + 1;
      const connection = connections[this.#turn] as Connection;
      const channel = openOnly(connection.channelFor(purpose));
      if (channel !== null) return channel;
      connection.revive();
    }
    return this.#pickSuspected(purpose);
  }

  /** No connected node answers pings: one that may answer later is better than none. */
  #pickSuspected(purpose: Purpose): Channel | null {
    const connections = this.#connections;
    for (let tries = 0; tries < connections.length; tries++) {
      this.#turn = (this.#turn + 1) % connections.length;
      const channel = openOnly((connections[this.#turn] as Connection).suspectedChannelFor(purpose));
      if (channel !== null) return channel;
    }
    return null;
  }

  /**
   * Resolves once a node is connected.
   *
   * @param what the action, for errors
   * @param leftMs milliseconds that are left of `timeoutMs`
   * @throws ERR_DEADLINE, ERR_CANCELLED, ERR_CLOSED, or the reason why no node could be reached
   */
  wait(what: string, leftMs: number, signal: AbortSignal | null, timeoutMs: number = leftMs): Promise<void> {
    if (this.#closing !== null) return Promise.reject(new UsageError('ERR_CLOSED', {}, `${what}: the client is closed`));
    return new Promise<void>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(cancelledBeforeSending(what, signal));
        return;
      }
      const waiter = { abort: () => settle(() => reject(cancelledBeforeSending(what, signal as AbortSignal))) };
      const watch = signal === null ? null : this.#signals.watch(signal, waiter);
      const stopWaiting = waitUntil(Math.max(1, leftMs), () => settle(() => reject(this.#tooLate(what, timeoutMs))));
      const settle = (then: () => void): void => {
        stopWaiting();
        watch?.end();
        then();
      };
      Promise.any(this.#connections.map((connection) => connection.open())).then(
        () => settle(resolve),
        (failures: AggregateError) => settle(() => reject(unreachable(failures))),
      );
    });
  }

  #tooLate(what: string, timeoutMs: number): DeadlineError {
    const phase = this.#connections.some(({ isShakingHands }) => isShakingHands) ? 'handshake' : 'dial';
    const states = this.#connections.map(stateOf).join(', ');
    return new DeadlineError(
      phase,
      { delivery: 'not-sent' },
      `${what} timed out after [${timeoutMs}ms] before a node was connected: ${states}`,
    );
  }

  /** Takes no more waiters, lets calls in flight finish for at most `drainMs`, closes every connection. Idempotent. */
  close(drainMs: number): Promise<void> {
    this.#closing ??= Promise.all(this.#connections.map((connection) => connection.close(drainMs))).then(() => undefined);
    return this.#closing;
  }

  /** Closes every connection now. */
  abort(): void {
    for (const connection of this.#connections) connection.abort();
  }
}

function openOnly(channel: Channel | null): Channel | null {
  return channel !== null && channel.state === 'open' ? channel : null;
}

function unreachable(failures: AggregateError): TransportError {
  const errors = failures.errors as TransportError[];
  const [first] = errors;
  const only = errors.length === 1 ? first : errors.find(({ code }) => code === 'ERR_CLOSED');
  if (only !== undefined) return only;
  const text = `cannot reach any of ${errors.length} nodes: ${errors.map(({ message }) => message).join('; ')}`;
  return new DialError('ERR_DIAL', { cause: failures }, text);
}

/** Describes a connection for an error; while it connects, how far it has come. */
function stateOf({ endpoint, state, isShakingHands, channels: [first] }: Connection): string {
  const progress = first === undefined ? 'TCP is connected, and the TLS handshake has not ended' : handshakeState(first);
  return `${formatEndpoint(endpoint)} is ${state}${isShakingHands ? `: ${progress}` : ''}`;
}

function statusOf(connection: Connection): NodeStatus {
  const { endpoint, state, peer, channels } = connection;
  const stream = state === 'open' ? channels[0]?.streamVersion : undefined;
  return {
    endpoint,
    state,
    name: peer?.name ?? null,
    clusterName: peer?.clusterName ?? null,
    version: peer === null ? null : versionText(peer.version),
    streamVersion: stream === undefined ? null : versionText(stream),
  };
}
