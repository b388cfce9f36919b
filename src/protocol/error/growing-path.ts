import type { DecodeError } from './transport-error.ts';

/** Errors that only codecs hold so far, so that their paths can grow in place. An error per level would cost the square of the depth. */
export const growing: WeakSet<DecodeError> = new WeakSet();
