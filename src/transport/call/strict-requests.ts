import { unknownField } from '../../protocol/action/unknown-field.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import type { Interceptor } from './call.ts';

/**
 * An interceptor that refuses requests with fields that their action does not have, for callers whom no compiler warns of `{ levle: 'INDICES' }`.
 * Without it such fields are not sent, and nothing says so: looking at the names of all fields costs every call about 0.1 µs. The names are those
 * of the codec's schema.
 *
 * @example const client = createClient({ nodes: ['127.0.0.1:9300'], interceptors: [strictRequests] });
 * @throws ERR_USAGE with the field and the name it is most like
 */
export const strictRequests: Interceptor = (next) => (call) => {
  const { name, request } = call.action;
  const found = unknownField(request.schema)(call.request);
  if (found !== undefined) throw new UsageError('ERR_USAGE', {}, `cannot call ${name}: ${found}`);
  return next(call);
};
