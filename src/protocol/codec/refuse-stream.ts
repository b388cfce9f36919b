import { UsageError } from '../error/transport-error.ts';
import type { AnyCodec } from './codec.ts';

/** @throws ERR_USAGE if a codec ends with a stream in a place where something follows it */
export function refuseStream(codec: AnyCodec, place: string): void {
  if (codec.hasStream !== true) return;
  throw new UsageError('ERR_USAGE', {}, `a stream must be the last field of a message, it cannot be ${place}`);
}
