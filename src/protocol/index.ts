export { decode, encode } from './codec/codec.ts';
export { exception } from './codec/exception/exception.ts';
export { readErrorResponse, toErrorResponse } from './codec/exception/error-response.ts';
export type { ExceptionValue } from './codec/exception/exception-value.ts';
export { exceptionStatus } from './codec/exception/exception-status.ts';
export { exceptionType } from './codec/exception/exception-type.ts';
export { toRemoteCause } from './codec/exception/remote-cause.ts';
export { toException } from './codec/exception/to-exception.ts';
export { fromGeneric, toGeneric } from './codec/generic-natural.ts';
export type { GenericValue } from './codec/generic-kinds.ts';
export { genericValue } from './codec/generic-value.ts';
export { type FoldedCase, type FoldedField, type SchemaAlgebra, schemaFold } from './codec/fold-schema.ts';
export { fromForm, toForm } from './codec/json-form.ts';
export { type CaseSchema, type FieldSchema, fieldsOf, type Schema, type TagKind, type UnionSchema } from './codec/schema.ts';
export { deflateBody, inflateBody, inflateBodySync } from './frame/native/compression.ts';
export { BODY_MODE, DECODED, type DecoderOptions, NativeDecoder } from './frame/native/decoder.ts';
export { beginFrame, beginFrameWith, compressBody, endFrame, frameHead } from './frame/native/encoder.ts';
export { FIXED_HEADER_BYTES, highWord, PING, STATUS } from './frame/native/fixed-header.ts';
export { HeaderCache } from './frame/native/header-cache.ts';
export { HeaderNames } from './frame/native/header-names.ts';
export { encodeMessage, type Message, type MessageInit, MessageReader } from './frame/native/message.ts';
export { RequestHead } from './frame/native/request-head.ts';
export { type VariableHeader, type VariableHeaderParts, writeVariableHeader } from './frame/native/variable-header.ts';
export { type ReadTrace, StreamInput, type StreamInputOptions } from './wire/stream-input.ts';
export { type ByReference, StreamOutput, type StreamOutputOptions } from './wire/stream-output.ts';
export {
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
