import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import { type Codec, decode, encode } from '../../protocol/codec/codec.ts';
import { reasonOf } from '../../protocol/error/reason-of.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { V_2_19_0 } from '../../protocol/wire/version.ts';
import type { ActionHandler, TypedActionHandler } from './action-handler.ts';

/** Version of the payloads: both ends are extensions, and the node between them does not look inside. */
const PAYLOAD = { version: V_2_19_0 };

/** Returns the bytes of a request. @throws ERR_USAGE if the value does not match the codec */
export function encodeRequest<A extends AnyAction>(action: A, request: RequestOf<A>): Buffer {
  return encode(action.request as Codec<unknown, RequestOf<A>>, request, PAYLOAD);
}

/** Reads an answer. @throws ERR_DECODE */
export function decodeResponse<A extends AnyAction>(action: A, bytes: Uint8Array): ResponseOf<A> {
  return decode(action.response, bytes, PAYLOAD) as ResponseOf<A>;
}

/** Returns a handler of bytes that decodes the request, and encodes the answer. A request that cannot be read is answered with status 400. */
export function handlerOf<A extends AnyAction>(action: A, handler: TypedActionHandler<A>): ActionHandler {
  return async (bytes, from) => {
    const answer = await handler(requestOf(action, bytes), from);
    return encode(action.response as Codec<unknown, unknown>, answer, PAYLOAD);
  };
}

function requestOf<A extends AnyAction>(action: A, bytes: Buffer): never {
  try {
    return decode(action.request, bytes, PAYLOAD) as never;
  } catch (error) {
    throw new StatusError(400, 'illegal_argument_exception', `cannot read the request of ${action.name}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
