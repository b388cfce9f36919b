import type { Codec } from '../../codec/codec.ts';
import { union } from '../../codec/union.ts';
import { type NestedDeleteRequest, type NestedDeleteRequestInit, nestedDeleteRequest } from './delete-request.ts';
import { type NestedIndexRequest, type NestedIndexRequestInit, nestedIndexRequest } from './index-request.ts';
import { type NestedUpdateRequest, type NestedUpdateRequestInit, nestedUpdateRequest } from './update-request.ts';

/** Writes a document. An item that only creates has `opType: 'CREATE'`. */
export interface BulkIndexItem extends NestedIndexRequest {
  readonly kind: 'index';
}

/** Deletes a document. */
export interface BulkDeleteItem extends NestedDeleteRequest {
  readonly kind: 'delete';
}

/** Changes a document. */
export interface BulkUpdateItem extends NestedUpdateRequest {
  readonly kind: 'update';
}

/** One operation of a bulk request, as a node receives it: `kind` says which request its other fields are. */
export type BulkItem = BulkIndexItem | BulkDeleteItem | BulkUpdateItem;

/** A {@link BulkIndexItem} to send: `{ kind: 'index', index: 'notes', id: '1', source: { text: 'hi' } }`. */
export interface BulkIndexItemInit extends NestedIndexRequestInit {
  readonly kind: 'index';
}

/** Creates a document, and fails if there is one: short for an index item with `opType: 'CREATE'`, and received as that. */
export interface BulkCreateItemInit extends Omit<NestedIndexRequestInit, 'opType'> {
  readonly kind: 'create';
}

/** A {@link BulkDeleteItem} to send: `{ kind: 'delete', index: 'notes', id: '1' }`. */
export interface BulkDeleteItemInit extends NestedDeleteRequestInit {
  readonly kind: 'delete';
}

/** A {@link BulkUpdateItem} to send: `{ kind: 'update', index: 'notes', id: '1', doc: { source: { text: 'ho' } } }`. */
export interface BulkUpdateItemInit extends NestedUpdateRequestInit {
  readonly kind: 'update';
}

/**
 * One operation of a bulk request, to send: `kind` and the fields of that request. `kind` is in lower case, as in the lines of REST's `_bulk`; the
 * answer names the operation by OpenSearch's constants, in {@link BulkItemResponse.opType}.
 */
export type BulkItemInit = BulkIndexItemInit | BulkCreateItemInit | BulkDeleteItemInit | BulkUpdateItemInit;

/**
 * `u8` kind (0 index, 1 delete, 2 update), then that request in its full form, with its own parent task first.
 *
 * @see wire-format.md §11.7
 */
// hot: bulk
export const bulkItem: Codec<BulkItem, BulkItemInit> = union(
  'bulk operation',
  'byte',
  {
    index: { tag: 0, codec: nestedIndexRequest },
    delete: { tag: 1, codec: nestedDeleteRequest },
    update: { tag: 2, codec: nestedUpdateRequest },
  },
  { aliases: { create: { of: 'index', set: { opType: 'CREATE' } } } },
);
