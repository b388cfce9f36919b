import { list, map, optional, struct, withDefault } from '../../protocol/codec/combinators.ts';
import { fromForm, toForm } from '../../protocol/codec/json-form.ts';
import { anyLong, boolean, int, rest, string, version } from '../../protocol/codec/primitives.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { PING, PREFIX_BYTES, STATUS } from '../../protocol/frame/native/fixed-header.ts';
import { encodeMessage, type Message, type MessageInit, MessageReader } from '../../protocol/frame/native/message.ts';
import { StreamOutput } from '../../protocol/wire/stream-output.ts';
import { V_3_9_0, type VersionId, versionText } from '../../protocol/wire/version.ts';
import type { Registry } from './registry.ts';

/** The form of a message; `status`, `versionText` and `messageSize` of a decoded one follow from the rest and are not looked at. */
const FRAME_FORM = struct({
  request: withDefault(boolean, false),
  requestId: anyLong,
  version: withDefault(version, V_3_9_0),
  handshake: withDefault(boolean, false),
  compressed: withDefault(boolean, false),
  error: withDefault(boolean, false),
  requestHeaders: withDefault(map(string), {}),
  responseHeaders: withDefault(map(list(string)), {}),
  features: withDefault(list(string), []),
  action: withDefault(string, ''),
  body: withDefault(rest, Buffer.alloc(0)),
  status: optional(int),
  versionText: optional(string),
  messageSize: optional(int),
}).schema;

type FrameFields = Partial<Omit<MessageInit, 'requestId'>> & { readonly requestId: number | bigint };

/**
 * The bytes of a frame's form.
 *
 * @throws ERR_USAGE, ERR_MESSAGE_TOO_LARGE
 */
export function encodeFrame(form: unknown, registry: Registry): Buffer {
  if (typeof form !== 'object' || form === null) throw new UsageError('ERR_USAGE', {}, 'value: expected the form of a frame');
  if ('ping' in form) return PING;
  const { exception, ...parts } = form as Readonly<Record<string, unknown>>;
  const { requestId, version: id = V_3_9_0, request = false, ...fields } = fromForm(FRAME_FORM, parts) as FrameFields;
  const body = exception === undefined ? fields.body : exceptionBody(exception, id, registry);
  return encodeMessage({ ...fields, ...(body === undefined ? {} : { body }), request, requestId: BigInt(requestId), version: id });
}

function exceptionBody(form: unknown, id: VersionId, { types }: Registry): Buffer {
  const type = types.get('exception');
  if (type === undefined) throw new UsageError('ERR_USAGE', {}, 'exception: this port has no exceptions');
  const output = new StreamOutput({ version: id });
  type.codec.write(output, type.fromForm(form, id));
  return output.toBuffer();
}

/**
 * The messages and pings in the bytes; a last element tells how many bytes are no whole frame.
 *
 * @param chunk bytes fed at a time
 * @throws what the decoder throws
 */
export function decodeFrames(bytes: Buffer, chunk: number): object[] {
  const reader = new MessageReader();
  const found: object[] = [];
  let began = 0;
  for (let at = 0; at < bytes.length; at += chunk) {
    for (const item of reader.push(bytes.subarray(at, at + chunk))) {
      found.push(item === 'ping' ? { ping: true } : messageForm(item, reader.consumed - began - PREFIX_BYTES));
      began = reader.consumed;
    }
  }
  const unread = bytes.length - began;
  return unread === 0 ? found : [...found, { unread }];
}

function messageForm(message: Message, messageSize: number): object {
  const { request, version: id, features, action } = message;
  return {
    requestId:
      message.requestId >= Number.MIN_SAFE_INTEGER && message.requestId <= Number.MAX_SAFE_INTEGER
        ? Number(message.requestId)
        : String(message.requestId),
    status: statusOf(message),
    version: id,
    versionText: versionText(id),
    messageSize,
    request,
    error: message.error,
    compressed: message.compressed,
    handshake: message.handshake,
    requestHeaders: message.requestHeaders,
    responseHeaders: message.responseHeaders,
    ...(request ? { features, action } : {}),
    body: toForm(rest.schema, message.body),
  };
}

function statusOf({ request, error, compressed, handshake }: Message): number {
  return (
    (request ? 0 : STATUS.response) | (error ? STATUS.error : 0) | (compressed ? STATUS.compressed : 0) | (handshake ? STATUS.handshake : 0)
  );
}
