import { StatusError } from '../../protocol/error/status-error.ts';
import { NO_UUID } from '../endpoints/index-names.ts';

/** Where an error happened, as a node's errors tell it. */
export interface IndexIdentity {
  readonly name: string;
  readonly uuid: string;
}

/** Returns the error for a write that wants an alias and names something else: status 404. */
export function aliasRequired(name: string): StatusError {
  const reason = `no such index [${name}] and [require_alias] request flag is [true] and [${name}] is not an alias`;
  return new StatusError(404, 'index_not_found_exception', reason, {
    metadata: { 'opensearch.index': [name], 'opensearch.index_uuid': [NO_UUID] },
  });
}

/** Returns the error for an index that is created twice: status 400. */
export function indexExists({ name, uuid }: IndexIdentity): StatusError {
  return new StatusError(400, 'resource_already_exists_exception', `index [${name}/${uuid}] already exists`, {
    metadata: indexOf(name, uuid),
  });
}

/** Returns the error for a name that an index cannot have: status 400. */
export function invalidIndexName(name: string, why: string): StatusError {
  return new StatusError(400, 'invalid_index_name_exception', `Invalid index name [${name}], ${why}`, { metadata: indexOf(name, NO_UUID) });
}

/** Returns the error for a write that found another version than it asked for: status 409. */
export function versionConflict(index: IndexIdentity, id: string, why: string): StatusError {
  return new StatusError(409, 'version_conflict_engine_exception', `[${id}]: version conflict, ${why}`, { metadata: shardOf(index) });
}

/** Returns the error for an update of a document that does not exist: status 404. */
export function documentMissing(index: IndexIdentity, id: string): StatusError {
  return new StatusError(404, 'document_missing_exception', `[${id}]: document missing`, { metadata: shardOf(index) });
}

/** Returns the error for a document or a mapping that does not fit: status 400. */
export function mapperParsing(reason: string, cause?: unknown): StatusError {
  return new StatusError(400, 'mapper_parsing_exception', reason, cause === undefined ? {} : { cause });
}

/** Returns the error of a request that fails its validation: status 400. */
export function validationFailed(...failures: readonly string[]): StatusError {
  const reason = `Validation Failed: ${failures.map((failure, at) => `${at + 1}: ${failure};`).join('')}`;
  return new StatusError(400, 'action_request_validation_exception', reason);
}

/** Returns the error for a query that a shard cannot make: status 400. */
export function queryShard({ name, uuid }: IndexIdentity, reason: string, cause?: unknown): StatusError {
  return new StatusError(400, 'query_shard_exception', reason, {
    metadata: indexOf(name, uuid),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Returns the error for what OpenSearch can and the development node cannot: status 501. @param what for example `the query [geo_shape]` */
export function unsupported(what: string): StatusError {
  const reason = `the development node does not support ${what}; use a genuine node instead: run 'ostp node --real'`;
  return new StatusError(501, 'unsupported_operation_exception', reason);
}

/** Returns the error for a write beyond the bounds of memory: status 429. */
export function storeFull(reason: string): StatusError {
  return new StatusError(429, 'circuit_breaking_exception', reason);
}

function indexOf(name: string, uuid: string): Record<string, string[]> {
  return { 'opensearch.index': [name], 'opensearch.index_uuid': [uuid] };
}

function shardOf({ name, uuid }: IndexIdentity): Record<string, string[]> {
  return { ...indexOf(name, uuid), 'opensearch.shard': ['0'] };
}
