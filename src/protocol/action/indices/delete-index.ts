import { list, struct, withDefault } from '../../codec/combinators.ts';
import { type IndicesOptions, indicesOptions } from '../../codec/indices-options.ts';
import { boolean, string } from '../../codec/primitives.ts';
import { defineAction } from '../define-action.ts';
import { acknowledgedRequest } from '../shared/cluster-manager-request.ts';

/** How names are resolved unless a request says otherwise: names of aliases match nothing, wildcards expand to open and closed indices. */
export const DELETE_OPTIONS: IndicesOptions = {
  options: ['IGNORE_ALIASES', 'ALLOW_NO_INDICES', 'FORBID_ALIASES_TO_MULTIPLE_INDICES'],
  wildcards: ['OPEN', 'CLOSED'],
};

/** Acknowledged request, `list str` indices, IndicesOptions. */
const request = struct(
  { ...acknowledgedRequest, indices: list(string), indicesOptions: withDefault(indicesOptions, DELETE_OPTIONS) },
  'DeleteIndexRequest',
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
  response: struct({ acknowledged: boolean }, 'AcknowledgedResponse'),
  summary: 'Deletes indices',
});
