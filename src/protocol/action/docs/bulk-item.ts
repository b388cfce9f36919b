import type { Codec } from '../../codec/codec.ts';
import { union } from '../../codec/union.ts';
import { type NestedDeleteRequest, type NestedDeleteRequestInit, nestedDeleteRequest } from './delete-request.ts';
import { type NestedIndexRequest, type NestedIndexRequestInit, nestedIndexRequest } from './index-request.ts';
import { type NestedUpdateRequest, type NestedUpdateRequestInit, nestedUpdateRequest } from './update-request.ts';

/** One operation of a bulk request. Creating is indexing with `opType: 'CREATE'`. */
export type BulkItem =
  | ({ readonly kind: 'index' } & NestedIndexRequest)
  | ({ readonly kind: 'delete' } & NestedDeleteRequest)
  | ({ readonly kind: 'update' } & NestedUpdateRequest);

/** One operation of a bulk request to write. `create` stands for an index operation with `opType: 'CREATE'`. */
export type BulkItemInit =
  | ({ readonly kind: 'index' } & NestedIndexRequestInit)
  | ({ readonly kind: 'create' } & Omit<NestedIndexRequestInit, 'opType'>)
  | ({ readonly kind: 'delete' } & NestedDeleteRequestInit)
  | ({ readonly kind: 'update' } & NestedUpdateRequestInit);

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
