// The family `docs` and its door: its actions, one line each, then what helps with their answers, then types.
export { bulk } from './bulk.ts';
export { deleteDocument as delete } from './delete-document.ts';
export { get } from './get.ts';
export { indexDocument as index } from './index-document.ts';
export { updateDocument as update } from './update-document.ts';

export { type BulkFailure, bulkFailures } from './bulk-failures.ts';
export { sourceOf } from './source-of.ts';

export type { BulkRequest, BulkRequestInit } from './bulk.ts';
export type { BulkDeleteItem, BulkIndexItem, BulkItem, BulkUpdateItem } from './bulk-item.ts';
export type { BulkCreateItemInit, BulkDeleteItemInit, BulkIndexItemInit, BulkItemInit, BulkUpdateItemInit } from './bulk-item.ts';
export type { BulkItemFailure, BulkItemFailureInit, BulkItemResponse, BulkItemResponseInit } from './bulk-response.ts';
export type { BulkFailureSource, BulkResponse, BulkResponseInit, BulkResponseType, BulkWriteResponse } from './bulk-response.ts';
export type { DeleteResponse, DeleteResponseInit } from './delete-document.ts';
export type { DeleteRequest, DeleteRequestInit, NestedDeleteRequest, NestedDeleteRequestInit } from './delete-request.ts';
export type { ExtraFieldValue } from './extra-field-values.ts';
export type { GetRequest, GetRequestInit, GetResponse, GetResponseInit } from './get.ts';
export type { IndexResponse, IndexResponseInit } from './index-document.ts';
export type { IndexRequest, IndexRequestInit, IndexRequestInputs, NestedIndexRequest, NestedIndexRequestInit } from './index-request.ts';
export type { UpdateResponse, UpdateResponseInit } from './update-document.ts';
export type { NestedUpdateRequest, NestedUpdateRequestInit } from './update-request.ts';
export type { UpdateDocumentInit, UpdateRequest, UpdateRequestInit, UpdateRequestInputs } from './update-request.ts';
export type {
  DocWriteResponse,
  DocWriteResponseInit,
  OpType,
  ReplicatedWriteRequest,
  WriteResult,
  WriteTimes,
} from '../shared/doc-write.ts';
export type { DocumentSource } from '../shared/document-source.ts';
export type { FetchSourceContext, FetchSourceContextInit } from '../shared/fetch-source.ts';
export type { DocumentFields, GetResult, GetResultInit } from '../shared/get-result.ts';
export type { RefreshPolicy } from '../shared/refresh-policy.ts';
export type { Script, ScriptInit, ScriptType } from '../shared/script.ts';
export type { ReplicationFailure, ReplicationFailureInit, ShardInfo, ShardInfoInit } from '../shared/shard-info.ts';
export type { VersionType, WriteCondition } from '../shared/version-type.ts';
export type * from '../shared/shared-types.ts';
