import type * as Package from '@opensearch-project/opensearch';
import { EnvironmentError } from '../../protocol/error/transport-error.ts';
import type { OfficialClient } from '../rest/rest-client.ts';

/** Makes an {@link OfficialClient} for a node. @throws ERR_ENVIRONMENT if the package is not installed */
export async function officialClient(node: string, token: string | null): Promise<OfficialClient> {
  const { Client, Connection } = await load();
  return new Client(token === null ? { node } : { node, Connection: withToken(Connection, token) });
}

/** The token is added to each request at the last moment: the client shows its own headers in errors. */
function withToken(Connection: typeof Package.Connection, token: string): typeof Package.Connection {
  return class extends Connection {
    override buildRequestObject(params: unknown) {
      const request = super.buildRequestObject(params);
      const others = Object.entries(request.headers ?? {}).filter(([name]) => name.toLowerCase() !== 'authorization');
      return { ...request, headers: { ...Object.fromEntries(others), authorization: token } };
    }
  };
}

async function load(): Promise<typeof Package> {
  try {
    return await import('@opensearch-project/opensearch');
  } catch (error) {
    const text =
      'client() needs the package @opensearch-project/opensearch: install it with `npm install @opensearch-project/opensearch`, or use request()';
    throw new EnvironmentError('ERR_ENVIRONMENT', { cause: error }, text);
  }
}
