import { UsageError } from '../../protocol/error/transport-error.ts';
import type { ServerCallContext } from '../../transport/call/server-context.ts';
import type { HostNode } from '../node/host-node.ts';
import { nodeOf } from '../node/node-of.ts';
import type { RestClient } from '../rest/rest-client.ts';
import { RestUrls } from './rest-urls.ts';
import { TokenClient } from './token-client.ts';

/** What the REST clients of an extension need of it. */
export interface RestClientsHost {
  readonly nodes: readonly HostNode[];
  /** The node that initialised the extension first. @throws ERR_NO_NODE */
  readonly node: HostNode;
}

/** Makes the REST clients of an extension. */
export class RestClients {
  readonly #host: RestClientsHost;
  readonly #urls: RestUrls;

  /** @param restUrl and `asked` as for {@link RestUrls} */
  constructor(host: RestClientsHost, restUrl: string | null, asked: (node: HostNode) => string | null) {
    this.#host = host;
    this.#urls = new RestUrls(restUrl, asked);
  }

  /** @param node undefined for the node that initialised the extension first, which is looked up for each request: it may have restarted */
  asService(node: HostNode | undefined): RestClient {
    return new TokenClient(async (signal) => {
      const host = node ?? this.#host.node;
      return { url: await this.#urls.of(host, signal), token: host.serviceToken };
    });
  }

  /** @param context of the REST request that brought the token: only its node gets it back */
  asCaller(token: string, context: ServerCallContext): RestClient {
    return new TokenClient(async (signal) => {
      const host = nodeOf(this.#host.nodes, context);
      if (host !== null) return { url: await this.#urls.of(host, signal), token };
      if (this.#urls.given !== null) return { url: this.#urls.given, token };
      const text =
        'cannot tell which of the nodes on one host sent the request; set the option restUrl of the extension, for example http://127.0.0.1:9200';
      throw new UsageError('ERR_CONFIG', {}, text);
    });
  }
}
