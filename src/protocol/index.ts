export { type AnyCodec, type Codec, decode, encode, type SourceIn } from './codec/codec.ts';
export { exception } from './codec/exception/exception.ts';
export { type ErrorResponder, readErrorResponse, toErrorResponse } from './codec/exception/error-response.ts';
export type { ExceptionExtra, ExceptionInit, ExceptionValue, NamedLists } from './codec/exception/exception-value.ts';
export { exceptionStatus } from './codec/exception/exception-status.ts';
export { exceptionType } from './codec/exception/exception-type.ts';
export { type DecodedCause, toRemoteCause } from './codec/exception/remote-cause.ts';
export { type ThrownOptions, toException } from './codec/exception/to-exception.ts';
export { fromGeneric, toGeneric } from './codec/generic-natural.ts';
export type { GenericEntries, GenericValue, ScriptedAvg, ZonedTime } from './codec/generic-kinds.ts';
export { genericValue } from './codec/generic-value.ts';
export { type FoldedCase, type FoldedField, type SchemaAlgebra, schemaFold } from './codec/fold-schema.ts';
export { fromForm, toForm } from './codec/json-form.ts';
export { fieldsOf } from './codec/schema-access.ts';
export type * from './codec/schema.ts';
export type { GeoPoint } from './codec/geo-point.ts';
export type { RemoteCause, RemoteStackFrame } from './error/remote-error.ts';
export type { Delivery, ErrorCode, ErrorFault, ErrorScope } from './error/codes.ts';
export type { DecodeDetails, DecodeError, ErrorDetails, TransportError } from './error/transport-error.ts';
export type { WireLimits } from './wire/limits.ts';
export type { BackgroundWork } from './frame/native/background-work.ts';
export type { FreeMemory } from './frame/native/growing-body.ts';
export {
  deflateBody,
  type InBackground,
  type Inflated,
  inflateBody,
  inflateBodySync,
  type InflationLimits,
} from './frame/native/compression.ts';
export { BODY_MODE, type BodyAllocator, DECODED, type DecodedKinds, type DecoderOptions, NativeDecoder } from './frame/native/decoder.ts';
export { beginFrame, beginFrameWith, compressBody, endFrame, frameHead } from './frame/native/encoder.ts';
export { FIXED_HEADER_BYTES, highWord, PING, STATUS } from './frame/native/fixed-header.ts';
export { HeaderCache } from './frame/native/header-cache.ts';
export { HeaderNames } from './frame/native/header-names.ts';
export { encodeMessage, type Message, type MessageInit, MessageReader } from './frame/native/message.ts';
export { SharedView } from './frame/native/shared-view.ts';
export { RequestHead } from './frame/native/request-head.ts';
export {
  type RequestHeaders,
  type ResponseHeaders,
  type VariableHeader,
  type VariableHeaderParts,
  writeVariableHeader,
} from './frame/native/variable-header.ts';
export type { AnyQuery } from './query/define-query.ts';
export { type BoolQuery, type BoolQueryInit } from './query/bool.ts';
export { type QueryFields, type QueryFieldsInit } from './query/common-fields.ts';
export { type MatchAllQuery, type MatchAllQueryInit } from './query/match-all.ts';
export { type Query, type QueryInit, query, queryFromRest, queryToRest } from './query/query.ts';
export { type RestObject, type RestValue } from './query/rest-value.ts';
export { type TermQuery, type TermQueryInit } from './query/term.ts';
export { type WrapperQuery, type WrapperQueryInit } from './query/wrapper.ts';
export { type ReadTrace, StreamInput, type StreamInputOptions } from './wire/stream-input.ts';
export { type ByReference, StreamOutput, type StreamOutputOptions, type Tail } from './wire/stream-output.ts';
export {
  type HeaderVerdict,
  isCompatible,
  judgeHeaderVersion,
  minimumCompatibility,
  minVersion,
  parseVersion,
  type VersionId,
  type VersionParts,
  versionId,
  versionParts,
  versionText,
} from './wire/version.ts';
