import { registeredClass } from '../codec/exception/registered.ts';
import { isDecodedCause, toRemoteCause } from '../codec/exception/remote-cause.ts';
import { toException } from '../codec/exception/to-exception.ts';
import { type RemoteCause, RemoteError } from '../error/remote-error.ts';
import { exceptionMembers } from './exception-members.ts';
import type { Json, JsonObject } from './json.ts';
import type { RestResponse } from './rest-message.ts';

const METADATA_PREFIX = 'opensearch.';

/** Most wrappers that are removed before an exception is printed. */
const MOST_WRAPPERS = 10;

/**
 * Returns what a node's REST layer answers to an error: `{"error":{"root_cause":[…],"type":…,"reason":…},"status":…}`.
 *
 * @param error any thrown value: a RemoteError shows what the node answered, a StatusError its own status, type and reason, others status 500
 * @see `BytesRestResponse` of OpenSearch
 */
export function errorResponse(error: unknown): RestResponse {
  // The status of a class differs between releases: what a RemoteError holds is that of its release.
  return causeResponse(error instanceof RemoteError ? error.remote : toRemoteCause(toException(error)));
}

/** Returns the same for a received exception. */
export function causeResponse(cause: RemoteCause): RestResponse {
  const { status } = cause;
  return { status, body: { error: { root_cause: [causeJson(rootOf(cause), false)], ...causeJson(cause) }, status } };
}

/**
 * Returns one exception as REST prints it: type, reason, metadata, what its class adds, causes, headers and suppressed exceptions.
 *
 * @param withCause false leaves the causes out, as among the root causes
 * @see `OpenSearchException.generateThrowableXContent` of OpenSearch
 */
export function causeJson(given: RemoteCause, withCause: boolean = true): JsonObject {
  const cause = unwrapped(given);
  return {
    type: cause.type,
    reason: cause.message,
    ...listsJson(cause.metadata, METADATA_PREFIX),
    ...(isDecodedCause(cause) ? exceptionMembers(cause) : {}),
    caused_by: withCause && cause.cause !== null ? causeJson(cause.cause) : undefined,
    header: Object.keys(cause.headers).length === 0 ? undefined : listsJson(cause.headers, ''),
    suppressed: cause.suppressed.length === 0 ? undefined : cause.suppressed.map((each) => causeJson(each, withCause)),
  };
}

/** Shows one value alone, several as a list. */
function listsJson(lists: Readonly<Record<string, readonly string[]>>, prefix: string): JsonObject {
  const members = Object.entries(lists).flatMap(([name, values]): [string, Json][] => {
    const shown = name.startsWith(prefix) ? name.slice(prefix.length) : name;
    return values.length === 0 ? [] : [[shown, values.length === 1 ? (values[0] as string) : values]];
  });
  return Object.fromEntries(members);
}

/** A wrapper has the status of its cause. SearchParseException is a wrapper with a status of its own. */
function isWrapper(cause: RemoteCause): boolean {
  return registeredClass(cause.class)?.status === 'CAUSE' || cause.type === 'search_parse_exception';
}

function unwrapped(given: RemoteCause): RemoteCause {
  let cause = given;
  for (let i = 0; i < MOST_WRAPPERS && cause.cause !== null && isWrapper(cause); i++) cause = cause.cause;
  return cause;
}

/** Follows the causes as long as they are OpenSearch's own exceptions, and returns the last of them. @see `OpenSearchException.guessRootCauses` of OpenSearch */
function rootOf(given: RemoteCause): RemoteCause {
  let cause = unwrapped(given);
  if (!isOfOpenSearch(cause)) return cause;
  while (cause.cause !== null && isOfOpenSearch(cause.cause)) cause = cause.cause;
  return cause;
}

/** Types of exceptions that are Java's or of a parser: they are no OpenSearchException, also where a StatusError stands for one. */
const NOT_OF_OPENSEARCH: ReadonlySet<string> = new Set([
  'date_time_parse_exception',
  'illegal_argument_exception',
  'illegal_state_exception',
  'input_coercion_exception',
  'json_parse_exception',
  'named_object_not_found_exception',
  'not_x_content_exception',
  'number_format_exception',
  'stream_constraints_exception',
  'x_content_parse_exception',
]);

function isOfOpenSearch(cause: RemoteCause): boolean {
  return registeredClass(cause.class) !== undefined && !NOT_OF_OPENSEARCH.has(cause.type);
}
