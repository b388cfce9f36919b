import type { AnyCodec, Codec } from '../../codec/codec.ts';
import { fromForm, toForm } from '../../codec/json-form.ts';
import { UsageError } from '../../error/transport-error.ts';
import { type NestedDeleteRequest, type NestedDeleteRequestInit, nestedDeleteRequest } from './delete-request.ts';
import { type NestedIndexRequest, type NestedIndexRequestInit, nestedIndexRequest } from './index-request.ts';
import { type NestedUpdateRequest, type NestedUpdateRequestInit, nestedUpdateRequest } from './update-request.ts';

/** One operation of a bulk request. Creating is indexing with `opType: 'CREATE'`. */
export type BulkItem =
  | ({ readonly kind: 'index' } & NestedIndexRequest)
  | ({ readonly kind: 'delete' } & NestedDeleteRequest)
  | ({ readonly kind: 'update' } & NestedUpdateRequest);

/** One operation of a bulk request, sparse; `create` is short for an index operation with `opType: 'CREATE'`. */
export type BulkItemInit =
  | ({ readonly kind: 'index' } & NestedIndexRequestInit)
  | ({ readonly kind: 'create' } & Omit<NestedIndexRequestInit, 'opType'>)
  | ({ readonly kind: 'delete' } & NestedDeleteRequestInit)
  | ({ readonly kind: 'update' } & NestedUpdateRequestInit);

const KINDS = ['index', 'delete', 'update'] as const;

const CODECS: Readonly<Record<(typeof KINDS)[number], AnyCodec>> = {
  index: nestedIndexRequest,
  delete: nestedDeleteRequest,
  update: nestedUpdateRequest,
};

/** An item under the kind it is written as. */
type PlainItem = { readonly kind: (typeof KINDS)[number] } & Readonly<Record<string, unknown>>;

function isPlain(item: { readonly kind?: unknown } | null | undefined): item is PlainItem {
  return (KINDS as readonly unknown[]).includes(item?.kind);
}

/** An item as it is written; it goes as it is, for its kind is no field of its request. @throws ERR_USAGE for an unknown kind */
function plainItem(item: BulkItemInit): PlainItem {
  if (isPlain(item)) return item;
  if (item?.kind === 'create') return { ...item, kind: 'index', opType: 'CREATE' };
  throw new UsageError(
    'ERR_USAGE',
    {},
    `kind: '${String((item as BulkItemInit | null)?.kind)}' is no operation, expected index, create, delete or update`,
  );
}

/**
 * `u8` kind (0 index, 1 delete, 2 update), then that request in its full form, its own parent task in front.
 *
 * @see wire-format.md §11.7
 */
export const bulkItem: Codec<BulkItem, BulkItemInit> = {
  schema: {
    kind: 'custom',
    name: 'bulkItem',
    toForm: ({ kind, ...request }: BulkItem) => ({ kind, ...(toForm(CODECS[kind].schema, request) as object) }),
    fromForm: (form) => {
      const { kind, ...request } = plainItem(form as BulkItemInit);
      return { kind, ...(fromForm(CODECS[kind].schema, request) as object) };
    },
  },
  read: (input) => {
    const offset = input.offset;
    const number = input.readByte();
    const kind = KINDS[number];
    if (kind === undefined) throw input.fail(`Invalid request type [${number}]`, offset);
    return { kind, ...(CODECS[kind].read(input) as object) } as BulkItem;
  },
  // hot: bulk
  write: (output, item) => {
    const plain = plainItem(item);
    output.writeByte(KINDS.indexOf(plain.kind));
    (CODECS[plain.kind] as Codec<unknown, unknown>).write(output, plain);
  },
};
