import type { HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';
import { flag } from '../../protocol/rest/parameter-types.ts';
import { decodeComponent } from './query-string.ts';
import type { MediaType } from './media-types.ts';

/** A request as HTTP brought it. */
export interface IncomingRequest {
  readonly method: HttpMethod;
  /** Path and query as they were sent. */
  readonly uri: string;
  readonly httpVersion: 'HTTP_1_0' | 'HTTP_1_1';
  /** Each header with its values, the name as it was sent. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Empty for none. @memory owned */
  readonly content: Uint8Array;
  /** Fires when the client goes away or the node closes. */
  readonly signal: AbortSignal;
}

/** A request with a handler. Parameters that are not read by it make the request a 400, as in a node. */
export class RestRequest implements IncomingRequest {
  readonly method: HttpMethod;
  readonly uri: string;
  /** The path as it was sent, without the query. */
  readonly rawPath: string;
  readonly httpVersion: IncomingRequest['httpVersion'];
  readonly headers: IncomingRequest['headers'];
  readonly content: Uint8Array;
  readonly signal: AbortSignal;
  /** The content type of the body, null for none or one that OpenSearch does not read. */
  readonly mediaType: MediaType | null;
  readonly #params = new Map<string, string>();
  readonly #query: ReadonlyMap<string, string>;
  readonly #consumed = new Set<string>();
  #pathParams: Readonly<Record<string, string>> = {};

  /** @param query the parameters of the query */
  constructor(incoming: IncomingRequest, query: ReadonlyMap<string, string>, mediaType: MediaType | null) {
    this.method = incoming.method;
    this.uri = incoming.uri;
    this.rawPath = rawPathOf(incoming.uri);
    this.httpVersion = incoming.httpVersion;
    this.headers = incoming.headers;
    this.content = incoming.content;
    this.signal = incoming.signal;
    this.mediaType = mediaType;
    this.#query = query;
    this.withPathParams({});
  }

  /** The path, decoded. @throws StatusError 400 for a percent sign that encodes nothing */
  get path(): string {
    return decodeComponent(this.rawPath);
  }

  /** The parameters of query and path, decoded; one of the path wins over one of the query. Reading them here consumes none. */
  get params(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#params);
  }

  /** The parameters of the path alone, decoded. Reading them here consumes none. */
  get pathParams(): Readonly<Record<string, string>> {
    return this.#pathParams;
  }

  /** The parameters of the query alone. Reading them here consumes none. */
  get query(): ReadonlyMap<string, string> {
    return this.#query;
  }

  /** The names of the parameters that were read, those that were not sent included. */
  get consumedParams(): ReadonlySet<string> {
    return this.#consumed;
  }

  /** The names of parameters that nobody has read, in order. */
  get unconsumedParams(): readonly string[] {
    return [...this.#params.keys()].filter((name) => !this.#consumed.has(name)).sort();
  }

  /** Returns the values of a header; names match in any case. */
  header(name: string): readonly string[] {
    const wanted = name.toLowerCase();
    return Object.entries(this.headers).flatMap(([each, values]) => (each.toLowerCase() === wanted ? values : []));
  }

  /** Returns a parameter, which counts as read from now on. */
  param(name: string): string | undefined {
    this.#consumed.add(name);
    return this.#params.get(name);
  }

  /** Returns a parameter that is `true` or `false`; the bare name is true. @throws StatusError 400 for other text */
  flag(name: string, usual: boolean = false): boolean {
    const text = this.param(name);
    return text === undefined ? usual : flag.read(text, name);
  }

  /** Returns whether a parameter was sent, without reading it. */
  hasParam(name: string): boolean {
    return this.#params.has(name);
  }

  /** Says that these parameters are read. */
  consume(names: Iterable<string>): void {
    for (const name of names) this.#consumed.add(name);
  }

  /** Gives a parameter a value that was not sent. */
  setParam(name: string, value: string): void {
    this.#params.set(name, value);
  }

  /** Replaces the parameters of the path; those of the query stay. For the controller, which tries one route after the other. */
  withPathParams(params: Readonly<Record<string, string>>): void {
    this.#pathParams = params;
    this.#params.clear();
    for (const [name, value] of this.#query) this.#params.set(name, value);
    for (const [name, value] of Object.entries(params)) this.#params.set(name, value);
  }
}

/** Returns the path of a URI as it was sent, without the query. */
function rawPathOf(uri: string): string {
  const end = uri.indexOf('?');
  return end === -1 ? uri : uri.slice(0, end);
}
