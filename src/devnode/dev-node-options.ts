import {
  isBoolean,
  isCount,
  isFunction,
  isName,
  isOptions,
  isPortNumber,
  isRelease,
  isTimer,
  isTimerFrom,
  type OptionChecks,
} from '../transport/util/check-options.ts';
import { NODE_EXTENSION_EVENTS, type NodeExtensionEvent } from './extensions/extension-events.ts';
import type { HttpLimits } from './rest/http-limits.ts';

/** An event of a development node. */
export type DevNodeEvent =
  | NodeExtensionEvent
  /** A REST request was answered. `path` is path and query as they were sent; `ms` is the time until the answer was handed to the system. */
  | { readonly type: 'request'; readonly method: string; readonly path: string; readonly status: number; readonly ms: number };

/** Every type of event of a development node. */
export const DEV_NODE_EVENTS: Readonly<Record<DevNodeEvent['type'], true>> = { request: true, ...NODE_EXTENSION_EVENTS };

/** Options of a development node. */
export interface DevNodeOptions {
  /** Release whose behaviour the node has: one of 2.x or 3.x. @default '3.9.0' */
  readonly version?: string;
  /** Port for REST; 0 takes a free one. @default 0 */
  readonly httpPort?: number;
  /** Port for the transport protocol; 0 takes a free one. @default 0 */
  readonly transportPort?: number;
  /** Address to bind. @default '127.0.0.1' */
  readonly host?: string;
  /** @default 'dev-node' */
  readonly clusterName?: string;
  /** @default 'dev-node' */
  readonly nodeName?: string;
  /** Whether requests to extensions are compressed: `transport.compress` of a node. @default false */
  readonly compress?: boolean;
  /** Time between pings on idle connections to extensions, in milliseconds; 0 for none: `transport.ping_schedule` of a node. @default 0 */
  readonly pingIntervalMs?: number;
  /** Most documents in all indices together; a write beyond is refused with status 429. @default 200 000 */
  readonly maxDocs?: number;
  /** Time that an extension has for a request, in milliseconds. In a genuine node it is a constant: 10 seconds. @default 10_000 */
  readonly extensionTimeoutMs?: number;
  /** Limits of the REST front. */
  readonly limits?: Partial<HttpLimits>;
  /** Called with every event. What it throws becomes a process warning. */
  readonly onEvent?: (event: DevNodeEvent) => void;
}

/** The checks of the options of a development node. */
export const DEV_NODE_CHECKS: OptionChecks<DevNodeOptions> = {
  version: isRelease,
  httpPort: isPortNumber,
  transportPort: isPortNumber,
  host: isName,
  clusterName: isName,
  nodeName: isName,
  compress: isBoolean,
  pingIntervalMs: isTimer,
  extensionTimeoutMs: isTimerFrom(1),
  maxDocs: isCount(1),
  limits: isOptions<Partial<HttpLimits>>('limits', {
    maxInitialLine: isCount(1),
    maxHeaderSize: isCount(1),
    maxContentLength: isCount(0),
    maxInFlightBytes: isCount(0),
    maxInFlight: isCount(1),
    maxConnections: isCount(1),
    headersTimeoutMs: isTimer,
    requestTimeoutMs: isTimer,
  }),
  onEvent: isFunction,
};
