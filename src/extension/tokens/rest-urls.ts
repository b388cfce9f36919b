import { UsageError } from '../../protocol/error/transport-error.ts';
import { must, type OptionCheck } from '../../transport/util/check-options.ts';
import type { HostNode } from '../node/host-node.ts';

/** Milliseconds in which a node tells its settings. */
const ENVIRONMENT_MS = 10_000;

/** The URL of a REST API: http or https, without user, password, query and fragment. */
export const isRestUrl: OptionCheck = must('a URL such as http://127.0.0.1:9200, without user, password and query', (value) => {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, username, password, search, hash } = new URL(value);
  return /^https?:$/u.test(protocol) && `${username}${password}${search}${hash}` === '';
});

/** Where the REST APIs of nodes are. */
export class RestUrls {
  readonly #given: string | null;
  readonly #asked: (node: HostNode) => string | null;
  readonly #found = new WeakMap<HostNode, string>();

  /**
   * @param given the option `restUrl` of the extension
   * @param asked returns the URL at which a node was asked to initialise the extension
   */
  constructor(given: string | null, asked: (node: HostNode) => string | null) {
    this.#given = given;
    this.#asked = asked;
  }

  /** The option `restUrl`, which is good for every node. */
  get given(): string | null {
    return this.#given;
  }

  /**
   * Returns the URL of a node: the option `restUrl`, the URL at which the node was asked to initialise the extension, or what the
   * settings of the node say.
   *
   * @throws ERR_CONFIG if none of them tells it, and as a client's call
   */
  async of(node: HostNode, signal: AbortSignal): Promise<string> {
    const known = this.#given ?? this.#asked(node) ?? this.#found.get(node);
    if (known !== undefined) return known;
    const url = urlFrom(await node.environment({ signal, timeoutMs: ENVIRONMENT_MS }), node);
    this.#found.set(node, url);
    return url;
  }
}

/** The port of a node that takes a free one of a range is not among its settings. */
function urlFrom(settings: Readonly<Record<string, unknown>>, node: HostNode): string {
  const port = settings['http.publish_port'] ?? settings['http.port'];
  const host = node.publishHost;
  const scheme = settings['plugins.security.ssl.http.enabled'] === 'true' ? 'https' : 'http';
  const url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
  if (typeof port === 'string' && /^[1-9]\d{0,4}$/u.test(port) && URL.canParse(url)) return url;
  const text = `the REST URL of node ${node.name} is unknown: its settings do not name one http.port; call initialize() with its URL, or set the option restUrl of the extension, for example 'http://127.0.0.1:9200'`;
  throw new UsageError('ERR_CONFIG', {}, text);
}
