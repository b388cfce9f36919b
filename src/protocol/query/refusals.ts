import { StatusError } from '../error/status-error.ts';

/** `ParsingException` of OpenSearch: status 400. The place in the text is not known. */
export function parsingFailure(reason: string, cause?: unknown): StatusError {
  return new StatusError(400, 'parsing_exception', reason, cause === undefined ? {} : { cause });
}

/** `XContentParseException` of OpenSearch: status 400. */
export function contentFailure(reason: string, cause?: unknown): StatusError {
  return new StatusError(400, 'x_content_parse_exception', reason, cause === undefined ? {} : { cause });
}

/** `IllegalArgumentException` of Java: status 400. */
export function illegalArgument(reason: string): StatusError {
  return new StatusError(400, 'illegal_argument_exception', reason);
}

/** What the JSON parser of 3.x says of a value of another type: status 400. */
export function coercionFailure(reason: string): StatusError {
  return new StatusError(400, 'input_coercion_exception', reason);
}
