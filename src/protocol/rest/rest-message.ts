import type { Json } from './json.ts';

/** Methods of REST. */
export type RestMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS';

/** A request with a route. */
export interface RestRequest {
  readonly method: RestMethod;
  /** Path as it was sent, without the query. */
  readonly path: string;
  /** The path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The parameters of the query, decoded; of a repeated name the last. */
  readonly query: ReadonlyMap<string, string>;
  /** @memory borrowed: requests made from it hold views */
  readonly body: Uint8Array | null;
  /** The `Content-Type` header, null without one. */
  readonly contentType: string | null;
}

/** What REST answers. */
export interface RestResponse {
  /** HTTP status. */
  readonly status: number;
  /** Headers besides those of the body. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Null for none, as for HEAD. */
  readonly body: Json | null;
}
