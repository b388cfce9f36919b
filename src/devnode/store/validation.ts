import type { DeleteRequest } from '../../protocol/action/docs/delete-request.ts';
import type { IndexRequest } from '../../protocol/action/docs/index-request.ts';
import type { UpdateRequest } from '../../protocol/action/docs/update-request.ts';
import { UNASSIGNED_PRIMARY_TERM, UNASSIGNED_SEQ_NO } from '../../protocol/action/shared/version-type.ts';

/** Longest id, in bytes. @see `IndexRequest.MAX_DOCUMENT_ID_LENGTH_IN_BYTES` of OpenSearch */
const MAX_ID_BYTES = 512;
/** The versions of a request that asks for none. */
const MATCH_ANY = -3;
const MATCH_DELETED = -4;

type Versioned = Pick<DeleteRequest, 'version' | 'versionType' | 'ifSeqNo' | 'ifPrimaryTerm'>;

/** Returns what is wrong with an index request, in a node's words. @see `IndexRequest.validate` of OpenSearch */
export function indexFailures(request: IndexRequest): string[] {
  const { id, source, opType, versionType, version, ifSeqNo } = request;
  const failures: string[] = [];
  if (source.length === 0) failures.push('source is missing');
  if (opType === 'CREATE' && versionType !== 'INTERNAL')
    failures.push('create operations only support internal versioning. use index instead');
  else if (opType === 'CREATE' && Number(version) !== MATCH_DELETED && Number(version) !== MATCH_ANY) {
    failures.push(`create operations do not support explicit versions. use index instead`);
  }
  if (opType === 'CREATE' && ifSeqNo !== UNASSIGNED_SEQ_NO) {
    failures.push('create operations do not support compare and set. use index instead');
  }
  failures.push(...versionFailures(request));
  if (id === '') failures.push('if _id is specified it must not be empty');
  if (id !== null) failures.push(...idFailures(id));
  return failures;
}

/** Returns what is wrong with a delete request. */
export function deleteFailures(request: DeleteRequest): string[] {
  return [...(request.id === '' ? ['id is missing'] : []), ...versionFailures(request)];
}

/** Returns what is wrong with an update request. @see `UpdateRequest.validate` of OpenSearch */
export function updateFailures(request: UpdateRequest): string[] {
  const { id, doc, script, upsert, docAsUpsert } = request;
  const failures: string[] = id === '' ? ['id is missing'] : [];
  failures.push(...termFailures(request));
  if (request.ifSeqNo !== UNASSIGNED_SEQ_NO && docAsUpsert) failures.push('compare and write operations can not be used with upsert');
  if (request.ifSeqNo !== UNASSIGNED_SEQ_NO && upsert !== null)
    failures.push('upsert requests do not support `if_seq_no` and `if_primary_term`');
  if (script === null && doc === null) failures.push('script or doc is missing');
  if (script !== null && doc !== null) failures.push("can't provide both script and doc");
  if (doc === null && docAsUpsert) failures.push('doc must be specified if doc_as_upsert is enabled');
  return failures;
}

function versionFailures(request: Versioned): string[] {
  const { version, versionType, ifSeqNo } = request;
  const failures: string[] = [];
  const isAny = Number(version) === MATCH_ANY || Number(version) === MATCH_DELETED;
  if (versionType !== 'INTERNAL' && (Number(version) < 0 || isAny)) {
    failures.push(`illegal version value [${version}] for version type [${versionType}]`);
  }
  if (versionType === 'INTERNAL' && !isAny) {
    failures.push(
      'internal versioning can not be used for optimistic concurrency control. Please use `if_seq_no` and `if_primary_term` instead',
    );
  }
  if (ifSeqNo !== UNASSIGNED_SEQ_NO && (!isAny || versionType !== 'INTERNAL'))
    failures.push('compare and write operations can not use versioning');
  return [...failures, ...termFailures(request)];
}

function termFailures({ ifSeqNo, ifPrimaryTerm }: Pick<Versioned, 'ifSeqNo' | 'ifPrimaryTerm'>): string[] {
  if (ifSeqNo === UNASSIGNED_SEQ_NO && ifPrimaryTerm !== UNASSIGNED_PRIMARY_TERM) {
    return [`ifSeqNo is unassigned, but primary term is [${ifPrimaryTerm}]`];
  }
  if (ifSeqNo !== UNASSIGNED_SEQ_NO && ifPrimaryTerm === UNASSIGNED_PRIMARY_TERM) return [`ifSeqNo is set, but primary term is [0]`];
  return [];
}

function idFailures(id: string): string[] {
  const length = Buffer.byteLength(id);
  return length > MAX_ID_BYTES ? [`id [${id}] is too long, must be no longer than ${MAX_ID_BYTES} bytes but was: ${length}`] : [];
}
