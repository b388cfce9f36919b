import type { Codec, InOf, OutOf } from '../../codec/codec.ts';
import { byteEnumeration, list, optional, since, struct, withDefault } from '../../codec/combinators.ts';
import { wholeException } from '../../codec/exception/exception.ts';
import { anyVLong, anyZLong, boolean, string, vInt } from '../../codec/primitives.ts';
import { UsageError } from '../../error/transport-error.ts';
import { V_3_0_0 } from '../../wire/version.ts';
import { type DocWriteResponse, docWriteResponse, OP_TYPES, type OpType } from '../shared/doc-write.ts';
import type { GetResult } from '../shared/get-result.ts';
import { UNASSIGNED_PRIMARY_TERM, UNASSIGNED_SEQ_NO } from '../shared/version-type.ts';
import { updateResponse } from './update-document.ts';

/** Where an operation failed. */
const FAILURE_SOURCES = ['UNKNOWN', 'PIPELINE', 'VALIDATION', 'WRITE_PROCESSING'] as const;

/** `str` index, `opt str` id, Exception, `zLong` seqNo, `vLong` term, `bool` aborted; from 3.0.0 `u8` source. @see wire-format.md §11.7 */
const failure = struct(
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
);

/** Why an operation failed. */
export type BulkItemFailure = OutOf<typeof failure>;

/** Which response follows; its number on the wire. */
const RESPONSE_TYPES = ['INDEX', 'DELETE', 'NONE', 'UPDATE'] as const;
type ResponseType = (typeof RESPONSE_TYPES)[number];

const opType = byteEnumeration('op type', OP_TYPES);
const responseType = byteEnumeration('response type', RESPONSE_TYPES);
const optionalFailure = optional(failure);
const optionalUpdateResponse = optional(updateResponse);

/** What became of one operation: `response` where it succeeded, `failure` where it did not. */
export interface BulkItemResponse {
  /** Place of the operation in the request, from 0. */
  readonly itemId: number;
  readonly opType: OpType;
  readonly responseType: ResponseType;
  /** `getResult` is there in the answer to an update only. */
  readonly response: (DocWriteResponse & { readonly getResult?: GetResult | null }) | null;
  readonly failure: BulkItemFailure | null;
}

/** What became of one operation, sparse. */
export interface BulkItemResponseInit {
  readonly itemId: number;
  readonly opType: OpType;
  /** @default what fits the op type, NONE without a response */
  readonly responseType?: ResponseType | undefined;
  readonly response?: InOf<typeof updateResponse> | null | undefined;
  readonly failure?: InOf<typeof failure> | null | undefined;
}

const TYPE_OF: Readonly<Record<OpType, ResponseType>> = { INDEX: 'INDEX', CREATE: 'INDEX', UPDATE: 'UPDATE', DELETE: 'DELETE' };

/**
 * `vInt` place, `u8` op type, `u8` response type (0 index, 1 delete, 2 none, 3 update), that response, `opt` failure.
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
  read: (input) => {
    const itemId = vInt.read(input);
    const type = opType.read(input);
    const answer = responseType.read(input);
    const response = answer === 'NONE' ? null : (answer === 'UPDATE' ? updateResponse : docWriteResponse).read(input);
    return { itemId, opType: type, responseType: answer, response, failure: optionalFailure.read(input) };
  },
  write: (output, value) => {
    vInt.write(output, value.itemId);
    opType.write(output, value.opType);
    const response = value.response ?? null;
    const answer = value.responseType ?? (response === null ? 'NONE' : TYPE_OF[value.opType]);
    if ((answer === 'NONE') !== (response === null)) {
      throw new UsageError('ERR_USAGE', {}, `response: response type ${answer} goes ${answer === 'NONE' ? 'without' : 'with'} a response`);
    }
    responseType.write(output, answer);
    if (response !== null) (answer === 'UPDATE' ? updateResponse : docWriteResponse).write(output, response);
    optionalFailure.write(output, value.failure);
  },
};

/** No pipeline ran. */
const NO_INGEST_TOOK = -1;

/** `list` of items, `vLong` milliseconds, `zLong` milliseconds in pipelines (−1 none). @see wire-format.md §11.7 */
export const bulkResponse = struct(
  { items: list(bulkItemResponse), tookInMillis: anyVLong, ingestTookInMillis: withDefault(anyZLong, NO_INGEST_TOOK) },
  'BulkResponse',
);
