// Types that the signatures of actions mention: every door that exports actions, or functions that take one, exports these.
export type { AnyCodec, Codec, InOf, OutOf, SourceIn } from '../codec/codec.ts';
export type * from '../codec/schema.ts';
export type { Delivery, ErrorCode, ErrorFault, ErrorScope } from '../error/codes.ts';
export type { DecodeDetails, DecodeError, ErrorDetails, TransportError } from '../error/transport-error.ts';
export type { ReadTrace, StreamInput, StreamInputOptions } from '../wire/stream-input.ts';
export type { ByReference, StreamOutput, StreamOutputOptions, Tail } from '../wire/stream-output.ts';
export type { VersionId } from '../wire/version.ts';
export type { Action, AnswerOf, AnyAction, Purpose, ReceivedOf, RequestOf, ResponseOf } from './define-action.ts';
