import type { Codec } from '../codec.ts';
import { struct } from '../combinators.ts';
import { empty, rest } from '../primitives.ts';
import type { ExceptionExtra } from './exception-value.ts';

/** A codec of extra fields with its types erased, because an id in the stream decides which fields there are. */
export type ExtraCodec = Codec<ExceptionExtra>;

/** Erases the field types of a codec. */
export function asExtra(codec: Codec<object, never>): ExtraCodec {
  return codec as unknown as ExtraCodec;
}

/** No extra fields. */
export const noExtra: ExtraCodec = asExtra(empty);

/** Fields of unknown layout: all bytes up to the end of the stream. @memory `unread` is owned */
export const unreadExtra: ExtraCodec = asExtra(struct({ unread: rest }));
