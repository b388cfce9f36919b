import { UsageError } from '../error/transport-error.ts';
import type { Codec } from './codec.ts';

/** Name of a REST status. */
export type RestStatus =
  | 'CONTINUE'
  | 'SWITCHING_PROTOCOLS'
  | 'OK'
  | 'CREATED'
  | 'ACCEPTED'
  | 'NON_AUTHORITATIVE_INFORMATION'
  | 'NO_CONTENT'
  | 'RESET_CONTENT'
  | 'PARTIAL_CONTENT'
  | 'MULTI_STATUS'
  | 'MULTIPLE_CHOICES'
  | 'MOVED_PERMANENTLY'
  | 'FOUND'
  | 'SEE_OTHER'
  | 'NOT_MODIFIED'
  | 'USE_PROXY'
  | 'TEMPORARY_REDIRECT'
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'PAYMENT_REQUIRED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_ACCEPTABLE'
  | 'PROXY_AUTHENTICATION'
  | 'REQUEST_TIMEOUT'
  | 'CONFLICT'
  | 'GONE'
  | 'LENGTH_REQUIRED'
  | 'PRECONDITION_FAILED'
  | 'REQUEST_ENTITY_TOO_LARGE'
  | 'REQUEST_URI_TOO_LONG'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'REQUESTED_RANGE_NOT_SATISFIED'
  | 'EXPECTATION_FAILED'
  | 'MISDIRECTED_REQUEST'
  | 'UNPROCESSABLE_ENTITY'
  | 'LOCKED'
  | 'FAILED_DEPENDENCY'
  | 'TOO_MANY_REQUESTS'
  | 'INTERNAL_SERVER_ERROR'
  | 'NOT_IMPLEMENTED'
  | 'BAD_GATEWAY'
  | 'SERVICE_UNAVAILABLE'
  | 'GATEWAY_TIMEOUT'
  | 'HTTP_VERSION_NOT_SUPPORTED'
  | 'INSUFFICIENT_STORAGE';

/** HTTP code of each REST status, in the order of OpenSearch's ordinals. @see `RestStatus` of OpenSearch */
export const REST_STATUS_CODES = {
  CONTINUE: 100,
  SWITCHING_PROTOCOLS: 101,
  OK: 200,
  CREATED: 201,
  ACCEPTED: 202,
  NON_AUTHORITATIVE_INFORMATION: 203,
  NO_CONTENT: 204,
  RESET_CONTENT: 205,
  PARTIAL_CONTENT: 206,
  MULTI_STATUS: 207,
  MULTIPLE_CHOICES: 300,
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  NOT_MODIFIED: 304,
  USE_PROXY: 305,
  TEMPORARY_REDIRECT: 307,
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  PAYMENT_REQUIRED: 402,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  PROXY_AUTHENTICATION: 407,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  GONE: 410,
  LENGTH_REQUIRED: 411,
  PRECONDITION_FAILED: 412,
  REQUEST_ENTITY_TOO_LARGE: 413,
  REQUEST_URI_TOO_LONG: 414,
  UNSUPPORTED_MEDIA_TYPE: 415,
  REQUESTED_RANGE_NOT_SATISFIED: 416,
  EXPECTATION_FAILED: 417,
  MISDIRECTED_REQUEST: 421,
  UNPROCESSABLE_ENTITY: 422,
  LOCKED: 423,
  FAILED_DEPENDENCY: 424,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
  HTTP_VERSION_NOT_SUPPORTED: 505,
  INSUFFICIENT_STORAGE: 507,
} as const satisfies Record<RestStatus, number>;

/** Names of the REST statuses; the place in the list is the ordinal. */
export const REST_STATUSES = Object.freeze(Object.keys(REST_STATUS_CODES)) as readonly RestStatus[];

const BY_CODE: ReadonlyMap<number, RestStatus> = new Map(REST_STATUSES.map((name) => [REST_STATUS_CODES[name], name]));

/** The HTTP code of a status. */
export function httpCodeOf(status: RestStatus): number {
  return REST_STATUS_CODES[status];
}

/** The status of an HTTP code, undefined when OpenSearch has none. */
export function restStatusOf(httpCode: number): RestStatus | undefined {
  return BY_CODE.get(httpCode);
}

function isRestStatus(name: string): name is RestStatus {
  return Object.hasOwn(REST_STATUS_CODES, name);
}

/** Name of the status as `str`; others are refused. @see wire-format.md §8.5 */
export const restStatus: Codec<RestStatus> = {
  schema: { kind: 'enum', values: REST_STATUSES },
  read: (input) => {
    const offset = input.offset;
    const name = input.readString();
    if (!isRestStatus(name)) throw input.fail(`No REST status [${name.slice(0, 80)}]`, offset);
    return name;
  },
  write: (output, value) => {
    if (!isRestStatus(value)) throw new UsageError('ERR_USAGE', {}, `expected a REST status, for example OK, got '${String(value)}'`);
    output.writeString(value);
  },
};
