import type { Codec } from '../codec.ts';
import { struct } from '../combinators.ts';
import { empty, rest } from '../primitives.ts';
import type { ExceptionExtra } from './exception-value.ts';

/** A codec of extra fields, its own types forgotten: which fields there are depends on a number of the stream. */
export type ExtraCodec = Codec<ExceptionExtra>;

/** Forgets which fields a codec has. */
export function asExtra(codec: Codec<object, never>): ExtraCodec {
  return codec as unknown as ExtraCodec;
}

/** No extra fields. */
export const noExtra: ExtraCodec = asExtra(empty);

/** Fields that are not laid out, and with them everything up to the end of the stream. @memory `unread` is owned */
export const unreadExtra: ExtraCodec = asExtra(struct({ unread: rest }));
