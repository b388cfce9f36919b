import { UsageError } from '../../protocol/error/transport-error.ts';
import {
  checkOptions,
  describe,
  isListOf,
  isName,
  isOptions,
  isPortNumber,
  isRelease,
  isSignal,
  isText,
  isTimerFrom,
  must,
  type OptionChecks,
  required,
} from '../../transport/util/check-options.ts';

/** Milliseconds for the whole initialisation of an extension by one node. */
const DEFAULT_TIMEOUT_MS = 30_000;

/** The oldest release with the protocol of extensions that this package speaks. */
export const OLDEST_RELEASE = '2.9.0';

/** How an extension is introduced to nodes. */
export interface InitializeOptions {
  /** Name by which people know the extension. */
  readonly name: string;
  /** Key of the extension at the node: its routes are below `/_extensions/_<uniqueId>`. A node knows an id until the node restarts. */
  readonly uniqueId: string;
  /** The extension's own version. @default '1.0.0' */
  readonly version?: string;
  /** Address at which the nodes reach the extension. @default the address on which it listens */
  readonly hostAddress?: string;
  /** Port at which the nodes reach the extension. @default the port on which it listens */
  readonly port?: number;
  /** Other extensions that this one needs. */
  readonly dependencies?: readonly { readonly uniqueId: string; readonly version: string }[];
  /** Oldest release of OpenSearch with which the extension works; an older node refuses it. @default '2.9.0' */
  readonly minimumCompatibleVersion?: string;
  /** Time for each node, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number;
  /** Ends the initialisation, and later the repetitions after a restart of a node. */
  readonly signal?: AbortSignal;
  /** Headers of the requests to the nodes' REST API, for example `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** User of the nodes' REST API (HTTP basic authentication). */
  readonly auth?: { readonly username: string; readonly password: string };
}

const CHECKS: OptionChecks<InitializeOptions> = {
  name: required(isName),
  uniqueId: required(isName),
  version: isName,
  hostAddress: isName,
  port: isPortNumber,
  dependencies: isListOf(
    'an array of { uniqueId, version }',
    isOptions('a dependency', { uniqueId: required(isName), version: required(isRelease) }),
  ),
  minimumCompatibleVersion: isRelease,
  timeoutMs: isTimerFrom(1),
  signal: isSignal,
  headers: must('an object of texts', (value) => isObject(value) && Object.values(value).every((text) => typeof text === 'string')),
  auth: isOptions('auth', { username: required(isName), password: required(isText) }),
};

/** Where and how one node is asked to initialise the extension. */
export interface InitializeTarget {
  /** Without a slash at the end, and without user and password. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly options: InitializeOptions;
}

/**
 * Returns the nodes that are to be asked, each URL once.
 *
 * @throws ERR_CONFIG for a bad option, ERR_USAGE for a bad URL
 */
export function initializeTargets(urls: string | readonly string[], options: InitializeOptions): InitializeTarget[] {
  checkOptions('initialize()', options, CHECKS);
  const list = typeof urls === 'string' ? [urls] : urls;
  if (!Array.isArray(list) || list.length === 0) throw badUrl(describe(urls));
  const targets = new Map(list.map((url) => targetOf(url, options)).map((target) => [target.url, target]));
  return [...targets.values()];
}

function targetOf(text: unknown, options: InitializeOptions): InitializeTarget {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw badUrl(describe(text));
  const { username, password } = url;
  const auth =
    options.auth ?? (username === '' ? undefined : { username: decodeURIComponent(username), password: decodeURIComponent(password) });
  const headers: Record<string, string> = { ...options.headers };
  if (auth !== undefined) headers['authorization'] = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  const root = `${url.origin}${url.pathname.replace(/\/+$/u, '')}`;
  return { url: root, headers, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, options };
}

function badUrl(got: string): UsageError {
  return new UsageError(
    'ERR_USAGE',
    {},
    `the URL must be that of a node's REST API, such as http://127.0.0.1:9200, or a list of such URLs, got ${got}`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
