/**
 * The client of the package `@opensearch-project/opensearch`; `any` where this optional package is not installed.
 *
 * @ts-ignore
 */
// oxlint-disable-next-line typescript/consistent-type-imports -- the declaration must be one line that `@ts-ignore` covers
export type OfficialClient = import('@opensearch-project/opensearch').Client;

/** Options of one request of a {@link RestClient}. */
export interface RestRequestOptions {
  /** Abandons the request. */
  readonly signal?: AbortSignal;
  /** Headers of the request, without `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Parameters of the query; undefined ones are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Time for the whole request, its answer included, in milliseconds; Infinity for no limit. @default 30_000 */
  readonly timeoutMs?: number;
  /** Upper bound on the body of the answer, in bytes. @default 67_108_864 */
  readonly maxBytes?: number;
}

/** The answer to a REST request. Every status is an answer, those of errors too. */
export interface RestClientAnswer<Body = unknown> {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The value of a JSON body, the bytes of a CBOR, SMILE or octet-stream body, the text of any other; null for an empty one. */
  readonly body: Body;
}

/**
 * A client of the REST API of a node that sends a token of the node: `ext.asService()` acts as the extension, `request.asCaller()` as the client of a request.
 * A node without a security plug-in gives no token; then none is sent.
 */
export interface RestClient {
  /**
   * Sends one request. Redirects are not followed: the token belongs to this node.
   *
   * @param path with a slash in front; a query may be part of it
   * @param body a string or bytes, sent as they are; any other value is sent as JSON. @default no body
   * @throws ERR_USAGE, ERR_CONFIG (the REST URL is unknown), ERR_NO_NODE, ERR_CANCELLED, ERR_DEADLINE, ERR_DIAL, ERR_CONNECTION_LOST, ERR_PAYLOAD_LIMIT,
   *   ERR_DECODE. An answer with the status of an error is returned.
   * @example const { body } = await rest.request('GET', '/_cat/indices', undefined, { query: { format: 'json' } });
   */
  request<Body = unknown>(method: string, path: string, body?: unknown, options?: RestRequestOptions): Promise<RestClientAnswer<Body>>;

  /**
   * Returns a client of the package `@opensearch-project/opensearch` that sends the token. It keeps the node and the token that it was made with: make a new
   * one when the node has restarted, and for each request of a caller. The package is loaded by the first call.
   *
   * @throws ERR_ENVIRONMENT if the package is not installed, ERR_CONFIG if the REST URL is unknown, ERR_NO_NODE
   */
  client(): Promise<OfficialClient>;
}
