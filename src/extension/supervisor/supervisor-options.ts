import type { TransportError } from '../../protocol/error/transport-error.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import type { Carrier, Endpoint } from '../../transport/carrier/link.ts';
import {
  isBoolean,
  isCarrier,
  isCount,
  isFunction,
  isListOf,
  isName,
  isOneOf,
  isPortNumber,
  isText,
  isTimerFrom,
  must,
  type OptionChecks,
} from '../../transport/util/check-options.ts';
import { areWireLimits } from '../../transport/util/wire-limits.ts';
import type { AnswerOn } from '../sockets/answer-on.ts';
import type { HostNode } from '../node/host-node.ts';
import type { ReplayPolicy } from './replay.ts';

/** A request that a supervisor answered itself. */
export interface FailedRequest {
  readonly action: string;
  /** Null for what is not a REST request. */
  readonly method: string | null;
  readonly uri: string | null;
  readonly status: number;
  readonly reason: string;
}

/** An event of a supervisor. */
export type SupervisorEvent =
  /** The supervisor listens for nodes, where the first worker wanted to. */
  | { readonly type: 'listening'; readonly endpoint: Endpoint }
  /** A worker serves requests. `tookMs` is the time since its start. */
  | { readonly type: 'workerStarted'; readonly pid: number; readonly tookMs: number }
  /** A new worker has taken over from one that ran. `files` changed; empty after {@link Supervisor.reload}. */
  | { readonly type: 'reloaded'; readonly pid: number; readonly tookMs: number; readonly files: readonly string[] }
  /** The new worker could not start. The old one, if there is one, goes on serving. `output` is the end of what it wrote to stderr. */
  | { readonly type: 'reloadFailed'; readonly error: TransportError; readonly output: string; readonly files: readonly string[] }
  /** The worker that served ended by itself. `restartInMs` is the time until the next one starts. */
  | {
      readonly type: 'workerExited';
      readonly pid: number;
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      readonly restartInMs: number;
    }
  /** A request whose worker went away is given to the next worker. */
  | { readonly type: 'requestReplayed'; readonly action: string; readonly method: string | null; readonly uri: string | null }
  /** A request was answered with an error of the supervisor, because there was no worker or its worker went away. */
  | ({ readonly type: 'requestFailed' } & FailedRequest)
  /** A node has initialised the extension. */
  | { readonly type: 'initialized'; readonly node: HostNode }
  /** The node has registered the generic routes. */
  | { readonly type: 'registered'; readonly node: HostNode; readonly routes: number }
  /** The node refused routes; `error` has its reason. */
  | { readonly type: 'rejected'; readonly node: HostNode; readonly error: TransportError }
  /** The connection by which the node initialised the extension has ended. */
  | { readonly type: 'disconnected'; readonly node: HostNode }
  /** A node that the extension asked to initialise it has gone, and is asked again. */
  | { readonly type: 'reinitializing'; readonly url: string; readonly uniqueId: string; readonly attempt: number }
  /** The node does not initialise the extension again, for another reason than before; it is asked until it does. */
  | { readonly type: 'reinitializationFailed'; readonly url: string; readonly uniqueId: string; readonly error: TransportError }
  /** A connection of a node was refused. */
  | { readonly type: 'channelRefused'; readonly remote: Endpoint | null; readonly error: TransportError };

/** Every type of event of a supervisor. */
export const SUPERVISOR_EVENTS: Readonly<Record<SupervisorEvent['type'], true>> = {
  listening: true,
  workerStarted: true,
  reloaded: true,
  reloadFailed: true,
  workerExited: true,
  requestReplayed: true,
  requestFailed: true,
  initialized: true,
  registered: true,
  rejected: true,
  disconnected: true,
  reinitializing: true,
  reinitializationFailed: true,
  channelRefused: true,
};

/** How an extension is supervised. */
export interface SupervisorOptions {
  /**
   * Starts a new worker when a file changes: true for the folder of the extension's file and the folders below it, except `node_modules` and names that begin with
   * a dot; a list for other files and folders; false for never. In folders, files with the endings of JavaScript, TypeScript and JSON count. @default true
   */
  readonly watch?: boolean | readonly string[];
  /** Time without a further change before a new worker is started, in milliseconds. @default 100 */
  readonly debounceMs?: number;
  /**
   * Which requests are given to the next worker when theirs ends: those whose method HTTP allows to repeat (GET, HEAD, PUT, DELETE, OPTIONS), all, or none. What a
   * worker has not been sent yet is always given to the next one. @default 'idempotent'
   */
  readonly replay?: ReplayPolicy;
  /** Upper bound on requests that wait for a worker. @default 1_000 */
  readonly maxHeld?: number;
  /** Upper bound on the bytes of requests that wait for a worker. @default 67_108_864 (64 MiB) */
  readonly maxHeldBytes?: number;
  /** Longest time that a request waits for a worker, in milliseconds; then it is answered 503. @default 9_000 */
  readonly holdMs?: number;
  /** Time for a request, with waiting and repetition, in milliseconds; then it is answered 504. A node gives up after 10 seconds. @default 9_500 */
  readonly timeoutMs?: number;
  /** Time for a worker to call `listen()`, and then for its registrations, in milliseconds. @default 30_000 */
  readonly startTimeoutMs?: number;
  /** Time for the requests in flight of a worker that is replaced, in milliseconds. @default 10_000 */
  readonly drainMs?: number;
  /** Longest path that is passed to the workers, in segments. A node answers 400 for longer ones. @default 8 */
  readonly maxDepth?: number;
  /** Port for nodes. @default the one that the extension asks for */
  readonly port?: number;
  /** How nodes connect to the supervisor: as the extension's own `carrier`, which cannot be passed from one process to another. @default tcp() */
  readonly carrier?: Carrier;
  /** The connection on which answers to nodes leave, as `answerOn` of {@link ExtensionOptions}. @default 'request-socket' */
  readonly answerOn?: AnswerOn;
  /** @default {@link DEFAULT_LIMITS} */
  readonly limits?: Partial<WireLimits>;
  /** Arguments of the worker. @default none */
  readonly args?: readonly string[];
  /** Options of Node.js for the worker, for example a loader for TypeScript. @default those of this process */
  readonly execArgv?: readonly string[];
  /** Environment variables of the worker, besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the worker's stdout and stderr go. @default 'inherit' */
  readonly output?: 'inherit' | 'ignore';
  /** Ends the worker on SIGINT and SIGTERM, then this process. @default true */
  readonly signals?: boolean;
  /** Called with every event. @default failures become process warnings */
  readonly onEvent?: (event: SupervisorEvent) => void;
}

/** The options, complete. */
export type CompleteOptions = Required<Omit<SupervisorOptions, 'onEvent' | 'carrier' | 'limits' | 'port'>> &
  Pick<SupervisorOptions, 'onEvent' | 'carrier' | 'limits' | 'port'>;

/** The checks of a supervisor's options. */
export const SUPERVISOR_CHECKS: OptionChecks<SupervisorOptions> = {
  watch: (name, value) => (Array.isArray(value) ? isListOf('an array of paths', isName)(name, value) : isBooleanOrPaths(name, value)),
  debounceMs: isTimerFrom(0),
  replay: isOneOf('idempotent', 'all', 'none'),
  maxHeld: isCount(0),
  maxHeldBytes: isCount(0),
  holdMs: isTimerFrom(1),
  timeoutMs: isTimerFrom(1),
  startTimeoutMs: isTimerFrom(1),
  drainMs: isTimerFrom(0),
  maxDepth: must('an integer from 1 to 32', (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 32),
  port: isPortNumber,
  carrier: isCarrier,
  answerOn: isOneOf('request-socket', 'responsive-socket'),
  limits: areWireLimits,
  args: isListOf('an array of strings', isText),
  execArgv: isListOf('an array of strings', isText),
  env: must(
    'an object of strings',
    (value) => typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string'),
  ),
  output: isOneOf('inherit', 'ignore'),
  signals: isBoolean,
  onEvent: isFunction,
};

const isBooleanOrPaths = must('a boolean or an array of paths', (value) => typeof value === 'boolean');

/** Returns the options with their defaults. */
export function completed(options: SupervisorOptions): CompleteOptions {
  return {
    watch: true,
    answerOn: 'request-socket',
    debounceMs: 100,
    replay: 'idempotent',
    maxHeld: 1_000,
    maxHeldBytes: 64 * 1024 * 1024,
    holdMs: 9_000,
    timeoutMs: 9_500,
    startTimeoutMs: 30_000,
    drainMs: 10_000,
    maxDepth: 8,
    args: [],
    execArgv: process.execArgv,
    env: {},
    output: 'inherit',
    signals: true,
    ...options,
  };
}
