import { type Codec, underField, underPath } from '../../codec/codec.ts';
import { byteEnumeration, list, optional, since, struct, withDefault } from '../../codec/combinators.ts';
import { wholeException } from '../../codec/exception/exception.ts';
import type { ExceptionInit, ExceptionValue } from '../../codec/exception/exception-value.ts';
import { anyVLong, anyZLong, boolean, string, vInt } from '../../codec/primitives.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { traced } from '../../codec/traced.ts';
import { UsageError } from '../../error/transport-error.ts';
import type { StreamInput } from '../../wire/stream-input.ts';
import { V_3_0_0 } from '../../wire/version.ts';
import { type DocWriteResponse, docWriteResponse, OP_TYPES, type OpType } from '../shared/doc-write.ts';
import type { GetResult } from '../shared/get-result.ts';
import { UNASSIGNED_PRIMARY_TERM, UNASSIGNED_SEQ_NO } from '../shared/version-type.ts';
import { type UpdateResponseInit, updateResponse } from './update-document.ts';

/** Where a bulk operation failed. */
export type BulkFailureSource = 'UNKNOWN' | 'PIPELINE' | 'VALIDATION' | 'WRITE_PROCESSING';

const FAILURE_SOURCES = ['UNKNOWN', 'PIPELINE', 'VALIDATION', 'WRITE_PROCESSING'] as const satisfies readonly BulkFailureSource[];

/** Why an operation failed. `bulkFailures(response)` gives the status and the type that REST shows. */
export interface BulkItemFailure {
  /** Name of the concrete index. */
  readonly index: string;
  /** Id of the document; null if the request had none. */
  readonly id: string | null;
  /** The exception as the node sent it, with its Java class. */
  readonly cause: ExceptionValue;
  /** Sequence number that the operation had got; −2 for none. A bigint beyond 2⁵³ only. */
  readonly seqNo: number | bigint;
  /** Primary term of the operation; 0 for none. A bigint beyond 2⁵³ only. */
  readonly term: number | bigint;
  /** True if the operation was given up before it was tried, because its request was refused. */
  readonly aborted: boolean;
  /** Default: `UNKNOWN`. Since 3.0.0. */
  readonly source: BulkFailureSource;
}

/** A {@link BulkItemFailure} to send. */
export interface BulkItemFailureInit extends InitOf<BulkItemFailure, 'index' | 'cause', { readonly cause: ExceptionInit }> {}

/** `str` index, `opt str` id, Exception, `zLong` seqNo, `vLong` term, `bool` aborted; from 3.0.0 `u8` source. @see wire-format.md §11.7 */
const failure = typed<BulkItemFailure, BulkItemFailureInit>()(
  struct(
    {
      index: string,
      id: optional(string),
      cause: wholeException,
      seqNo: withDefault(anyZLong, UNASSIGNED_SEQ_NO),
      term: withDefault(anyVLong, UNASSIGNED_PRIMARY_TERM),
      aborted: withDefault(boolean, false),
      source: since(V_3_0_0, withDefault(byteEnumeration('failure source', FAILURE_SOURCES), 'UNKNOWN'), 'UNKNOWN'),
    },
    'BulkItemFailure',
  ),
);

/** Which kind of response an item holds; `NONE` if the operation failed. */
export type BulkResponseType = 'INDEX' | 'DELETE' | 'NONE' | 'UPDATE';

/** Response types by number. */
const RESPONSE_TYPES = ['INDEX', 'DELETE', 'NONE', 'UPDATE'] as const satisfies readonly BulkResponseType[];

const opType = byteEnumeration('op type', OP_TYPES);
const responseType = byteEnumeration('response type', RESPONSE_TYPES);
const optionalFailure = optional(failure);
const optionalUpdateResponse = optional(updateResponse);

/** The answer to a successful bulk operation. */
export interface BulkWriteResponse extends DocWriteResponse {
  /** Only in the answer to an update. Null unless its `fetchSource` asked for the document. */
  readonly getResult?: GetResult | null;
}

/** What became of one operation: it has a `response` or a `failure`. */
export interface BulkItemResponse {
  /** Index of the operation in the `items` of the request. */
  readonly itemId: number;
  /** What the operation was: `INDEX` for `kind: 'index'`, `CREATE` for `kind: 'create'`, and so on. */
  readonly opType: OpType;
  readonly responseType: BulkResponseType;
  /** Null if the operation failed. */
  readonly response: BulkWriteResponse | null;
  /** Null if the operation succeeded. */
  readonly failure: BulkItemFailure | null;
}

/** A {@link BulkItemResponse} to send. */
export interface BulkItemResponseInit {
  readonly itemId: number;
  readonly opType: OpType;
  /** Default: what fits the op type; `NONE` without a response. */
  readonly responseType?: BulkResponseType | undefined;
  readonly response?: UpdateResponseInit | null | undefined;
  readonly failure?: BulkItemFailureInit | null | undefined;
}

const TYPE_OF: Readonly<Record<OpType, BulkResponseType>> = { INDEX: 'INDEX', CREATE: 'INDEX', UPDATE: 'UPDATE', DELETE: 'DELETE' };

/** The codec of the response that follows a response type other than `NONE`. */
const responseCodec = (type: BulkResponseType): Codec<BulkWriteResponse, never> => (type === 'UPDATE' ? updateResponse : docWriteResponse);

// hot: bulk
function readItem(input: StreamInput): BulkItemResponse {
  let field = 'itemId';
  try {
    const itemId = vInt.read(input);
    field = 'opType';
    const type = opType.read(input);
    field = 'responseType';
    const answer = responseType.read(input);
    field = 'response';
    const response = answer === 'NONE' ? null : responseCodec(answer).read(input);
    field = 'failure';
    return { itemId, opType: type, responseType: answer, response, failure: optionalFailure.read(input) };
  } catch (error) {
    throw underPath(error, field);
  }
}

function readTracedItem(input: StreamInput): BulkItemResponse {
  const itemId = traced(input, 'itemId', vInt);
  const type = traced(input, 'opType', opType);
  const answer = traced(input, 'responseType', responseType);
  const response = answer === 'NONE' ? null : traced(input, 'response', responseCodec(answer));
  return { itemId, opType: type, responseType: answer, response, failure: traced(input, 'failure', optionalFailure) };
}

/**
 * `vInt` index of the item, `u8` op type, `u8` response type (0 index, 1 delete, 2 none, 3 update), that response, `opt` failure.
 *
 * @see wire-format.md §11.7
 */
const bulkItemResponse: Codec<BulkItemResponse, BulkItemResponseInit> = {
  schema: {
    kind: 'struct',
    name: 'BulkItemResponse',
    fields: [
      { name: 'itemId', schema: vInt.schema, canOmit: false },
      { name: 'opType', schema: opType.schema, canOmit: false },
      { name: 'responseType', schema: responseType.schema, canOmit: true },
      { name: 'response', schema: optionalUpdateResponse.schema, canOmit: true },
      { name: 'failure', schema: optionalFailure.schema, canOmit: true },
    ],
  },
  read: (input) => (input.trace === null ? readItem(input) : readTracedItem(input)),
  write: (output, value) => {
    vInt.write(output, value.itemId);
    opType.write(output, value.opType);
    const response = value.response ?? null;
    const answer = value.responseType ?? (response === null ? 'NONE' : TYPE_OF[value.opType]);
    if ((answer === 'NONE') !== (response === null)) {
      throw new UsageError(
        'ERR_USAGE',
        {},
        `response: expected ${answer === 'NONE' ? 'null' : 'a response'} for responseType ${answer}, got ${answer === 'NONE' ? 'a response' : 'null'}`,
      );
    }
    responseType.write(output, answer);
    let field = 'response';
    try {
      if (response !== null) (answer === 'UPDATE' ? updateResponse : docWriteResponse).write(output, response);
      field = 'failure';
      optionalFailure.write(output, value.failure);
    } catch (error) {
      throw underField(error, field);
    }
  },
};

/** What became of the operations of a bulk request. An operation that failed does not make the call fail. */
export interface BulkResponse {
  /** One for each operation, in the order of the request. */
  readonly items: BulkItemResponse[];
  /** How long the request took on the node, in milliseconds. */
  readonly tookInMillis: number | bigint;
  /** How long ingest pipelines took, in milliseconds; −1 if none ran. */
  readonly ingestTookInMillis: number | bigint;
}

/** A {@link BulkResponse} to send. */
export interface BulkResponseInit
  extends InitOf<BulkResponse, 'items' | 'tookInMillis', { readonly items: readonly BulkItemResponseInit[] }> {}

/** No pipeline ran. */
const NO_INGEST_TOOK = -1;

/** `list` of items, `vLong` milliseconds, `zLong` milliseconds in pipelines (−1 none). @see wire-format.md §11.7 */
export const bulkResponse = typed<BulkResponse, BulkResponseInit>()(
  struct(
    { items: list(bulkItemResponse), tookInMillis: anyVLong, ingestTookInMillis: withDefault(anyZLong, NO_INGEST_TOOK) },
    'BulkResponse',
  ),
);
