import { list, struct, withDefault } from '../../codec/combinators.ts';
import { type IndicesOptions, indicesOptions } from '../../codec/indices-options.ts';
import { boolean, string } from '../../codec/primitives.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { defineAction } from '../define-action.ts';
import { type AcknowledgedRequest, acknowledgedRequest, type ClusterManagerTimes } from '../shared/cluster-manager-request.ts';

/** The default of `indicesOptions`: names of aliases match nothing, patterns expand to open and closed indices. */
export const DELETE_OPTIONS: IndicesOptions = {
  options: ['IGNORE_ALIASES', 'ALLOW_NO_INDICES', 'FORBID_ALIASES_TO_MULTIPLE_INDICES'],
  wildcards: ['OPEN', 'CLOSED'],
};

/** Deletes indices with all their documents. */
export interface DeleteIndexRequest extends AcknowledgedRequest {
  /** Names of the indices; patterns are allowed unless the cluster setting `action.destructive_requires_name` forbids them. */
  readonly indices: string[];
  /** How the names are resolved. Default: aliases are not, patterns expand to open and closed indices and may match nothing. */
  readonly indicesOptions: IndicesOptions;
}

/** A {@link DeleteIndexRequest} to send. */
export interface DeleteIndexRequestInit extends InitOf<DeleteIndexRequest, 'indices', ClusterManagerTimes> {}

/** Says that indices were deleted. */
export interface DeleteIndexResponse {
  /** False if not all nodes acknowledged the deletion in `ackTimeout`; the indices are gone all the same. */
  readonly acknowledged: boolean;
}

/** Acknowledged request, `list str` indices, IndicesOptions. */
const request = typed<DeleteIndexRequest, DeleteIndexRequestInit>()(
  struct(
    { ...acknowledgedRequest, indices: list(string), indicesOptions: withDefault(indicesOptions, DELETE_OPTIONS) },
    'DeleteIndexRequest',
  ),
);

/**
 * `indices:admin/delete`. Response: `bool` acknowledged.
 *
 * @example await client.call(indices.delete, { indices: ['notes'] })
 * @see wire-format.md §11.9
 */
export const deleteIndex = defineAction({
  name: 'indices:admin/delete',
  request,
  response: typed<DeleteIndexResponse, DeleteIndexResponse>()(struct({ acknowledged: boolean }, 'AcknowledgedResponse')),
  summary: 'Deletes indices',
});
