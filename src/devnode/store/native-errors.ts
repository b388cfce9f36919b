import type { ExceptionValue } from '../../protocol/codec/exception/exception-value.ts';
import { registeredClass } from '../../protocol/codec/exception/registered.ts';
import { toRemoteCause } from '../../protocol/codec/exception/remote-cause.ts';
import { toException } from '../../protocol/codec/exception/to-exception.ts';
import { newException } from '../../protocol/codec/exception/wrapper.ts';
import { RemoteError } from '../../protocol/error/remote-error.ts';
import { StatusError } from '../../protocol/error/status-error.ts';

/** Java classes of the errors of the store, by their type in REST. All of them have nothing but message, cause and metadata on the wire. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['document_missing_exception', 'org.opensearch.index.engine.DocumentMissingException'],
  ['illegal_argument_exception', 'java.lang.IllegalArgumentException'],
  ['index_not_found_exception', 'org.opensearch.index.IndexNotFoundException'],
  ['invalid_index_name_exception', 'org.opensearch.indices.InvalidIndexNameException'],
  ['mapper_parsing_exception', 'org.opensearch.index.mapper.MapperParsingException'],
  ['resource_already_exists_exception', 'org.opensearch.ResourceAlreadyExistsException'],
  ['strict_dynamic_mapping_exception', 'org.opensearch.index.mapper.StrictDynamicMappingException'],
  ['version_conflict_engine_exception', 'org.opensearch.index.engine.VersionConflictEngineException'],
]);

/** Returns the exception that a node sends for an error of the store: that of its own class where there is one. */
export function nodeException(error: unknown): ExceptionValue {
  const name = error instanceof StatusError ? CLASSES.get(error.type ?? '') : undefined;
  const exception = toException(error);
  if (name === undefined) return exception;
  const { message, metadata, headers } = exception;
  const inner = (error as StatusError).cause;
  const cause = inner === undefined ? null : nodeException(inner);
  return newException(name, registeredClass(name)?.id ?? null, { message, metadata, headers, cause });
}

/** Returns an error that travels to native callers as the exception of a node. */
export function asNodeError(error: unknown): RemoteError {
  return error instanceof RemoteError ? error : new RemoteError(toRemoteCause(nodeException(error)));
}
