import { struct } from '../../codec/combinators.ts';
import { boolean } from '../../codec/primitives.ts';

/** `bool` status: whether the other side took the request. @see extensions.md §1.3 */
export const acknowledgedResponse = struct({ status: boolean }, 'AcknowledgedResponse');
