import type { TransportError } from '../protocol/error/transport-error.ts';
import type { WireLimits } from '../protocol/wire/limits.ts';
import type { Interceptor } from '../transport/call/call.ts';
import type { ServerCallContext } from '../transport/call/server-context.ts';
import type { Carrier, Endpoint } from '../transport/carrier/link.ts';
import {
  isBoolean,
  isCarrier,
  isDuration,
  isFunction,
  isListOf,
  isName,
  isOneOf,
  isPortNumber,
  isTimerFrom,
  isValueOr,
  type OptionChecks,
  required,
} from '../transport/util/check-options.ts';
import { areWireLimits } from '../transport/util/wire-limits.ts';
import type { HostNode } from './node/host-node.ts';
import type { AnswerOn } from './sockets/answer-on.ts';
import { isRestUrl } from './tokens/rest-urls.ts';
import type { SettingsEvent } from './settings/settings-event.ts';

/** The request of a node that an event is about. */
export interface RequestFacts {
  readonly method: string;
  /** Path of the request. */
  readonly path: string;
  /** Path of the route that serves it, for example `/hello/{name}`; null if no route matched. */
  readonly route: string | null;
}

/** An event of an extension. */
export type ExtensionEvent =
  | SettingsEvent
  /** A node has initialised the extension. */
  | { readonly type: 'initialized'; readonly node: HostNode }
  /** The node has acknowledged the routes and all else that the extension registers, and serves it. */
  | { readonly type: 'registered'; readonly node: HostNode; readonly routes: number }
  /** HTTP shares the event loops of the transport at the node: calls of the extension may end with a false status 408. Told once for each id of a node. */
  | { readonly type: 'sharedEventLoops'; readonly node: HostNode }
  /** The node refused the routes, or something else that the extension registers; `error` has its reason. */
  | { readonly type: 'rejected'; readonly node: HostNode; readonly error: TransportError }
  /** The connection by which the node initialised the extension has ended: the node was stopped or killed, or the network failed. */
  | { readonly type: 'disconnected'; readonly node: HostNode }
  /** No node has initialised the extension within `waitMs` after it began to listen on `endpoint`. `connections` tells how many connections came. */
  | { readonly type: 'noNode'; readonly endpoint: Endpoint; readonly waitMs: number; readonly connections: number }
  /** A node that `initialize()` had asked has gone; it is asked again now, for the `attempt`th time, from 1. */
  | { readonly type: 'reinitializing'; readonly url: string; readonly uniqueId: string; readonly attempt: number }
  /** The node did not initialise the extension again. It is asked further; the same error is told once in a row. */
  | { readonly type: 'reinitializationFailed'; readonly url: string; readonly uniqueId: string; readonly error: TransportError }
  /** A handler threw an error that is not an answer to its client. `isLate` if its client had been answered 504 before. */
  | ({ readonly type: 'handlerFailed'; readonly error: unknown; readonly isLate: boolean } & RequestFacts)
  /**
   * The handler of a transport action threw an error that is not a StatusError, or did not answer in time. `isLate` if its caller had been answered before.
   */
  | { readonly type: 'actionFailed'; readonly action: string; readonly error: unknown; readonly isLate: boolean }
  /** An interceptor failed, or an answer could not be written: the node was sent an error instead. */
  | { readonly type: 'requestFailed'; readonly action: string; readonly error: unknown }
  /** A connection was closed before it could be used; `remote` is null if the system did not even hand it over (too many open files). */
  | { readonly type: 'channelRefused'; readonly remote: Endpoint | null; readonly error: TransportError }
  /** A handler did not answer within `timeoutMs`; its client was answered 504. */
  | ({ readonly type: 'handlerTimedOut'; readonly timeoutMs: number } & RequestFacts);

/** Every type of event of an extension. */
export const EXTENSION_EVENTS: Readonly<Record<ExtensionEvent['type'], true>> = {
  initialized: true,
  registered: true,
  sharedEventLoops: true,
  rejected: true,
  settingRefused: true,
  settingsUnread: true,
  disconnected: true,
  noNode: true,
  reinitializing: true,
  reinitializationFailed: true,
  handlerFailed: true,
  requestFailed: true,
  channelRefused: true,
  handlerTimedOut: true,
  actionFailed: true,
};

/** How an extension is set up. Its name and unique id come from the node. */
export interface ExtensionOptions {
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Address to bind. @default '127.0.0.1' */
  readonly host?: string;
  /** @default tcp() */
  readonly carrier?: Carrier;
  /** Time for a handler, in milliseconds; Infinity for no limit. A node gives up after 10 seconds. @default 9_500 */
  readonly timeoutMs?: number;
  /** Least milliseconds between two reads of the settings of a cluster, where nodes do not send changes: 2.x, and times, sizes and versions. @default 1_000 */
  readonly settingsIntervalMs?: number;
  /** Milliseconds after which a warning says that no node has initialised the extension, and what to check; Infinity for none. @default 10_000 */
  readonly nodeWaitMs?: number;
  /**
   * Whether nodes answer 400 to a query with a parameter that the handler has not read when it answers. A route may differ.
   *
   * @default false: every parameter counts as read
   */
  readonly strictParams?: boolean;
  /**
   * Whether nodes register routes that stand for all others, so that routes may be added at any time. They pass on paths of at most 8 segments, and the
   * extension answers for unknown paths and methods, as a node does.
   *
   * @default false: nodes register each route, before the first request
   */
  readonly genericRoutes?: boolean;
  /**
   * The connection on which the answer to a REST request leaves. A node whose HTTP shares event loops with the transport (event `sharedEventLoops`) may not read
   * the answer on the connection of the request, and answers its client 408 after 10 seconds. `responsive-socket` heals requests that come one after another:
   * the answer leaves on the first connection of the same node that answers a probe, some 0.5 ms later. It does not heal requests that come at the same time;
   * give the node the setting `http.netty.worker_count` if you can. The connections of a node are known by what it says in a handshake: use TLS with client
   * certificates where others than nodes can connect. Under a supervisor it has no effect: pass it to `supervise()`.
   *
   * @default 'request-socket'
   */
  readonly answerOn?: AnswerOn;
  /**
   * REST URL of the nodes, for requests with tokens, for example `https://127.0.0.1:9200`.
   *
   * @default the URL that {@link Extension.initialize} was given for a node, else what the settings of the node say
   */
  readonly restUrl?: string;
  /** @default {@link DEFAULT_LIMITS} */
  readonly limits?: Partial<WireLimits>;
  /** Wrapped around every request of a node, the first outermost. */
  readonly interceptors?: readonly Interceptor<ServerCallContext>[];
  /**
   * Called with every event; {@link Extension.on} adds listeners of one type. What it throws becomes a process warning.
   *
   * @default refused registrations, nodes that do not come or share event loops, failures of handlers and failed requests become process warnings
   */
  readonly onEvent?: (event: ExtensionEvent) => void;
}

/** The checks of an extension's options. */
export const EXTENSION_CHECKS: OptionChecks<ExtensionOptions> = {
  port: required(isPortNumber),
  host: isName,
  carrier: isCarrier,
  timeoutMs: isDuration,
  settingsIntervalMs: isTimerFrom(1),
  nodeWaitMs: isValueOr(Number.POSITIVE_INFINITY, isTimerFrom(1)),
  strictParams: isBoolean,
  genericRoutes: isBoolean,
  answerOn: isOneOf('request-socket', 'responsive-socket'),
  restUrl: isRestUrl,
  limits: areWireLimits,
  interceptors: isListOf('an array of interceptors', isFunction),
  onEvent: isFunction,
};
