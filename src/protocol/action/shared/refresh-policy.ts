import { byteEnumeration, withDefault } from '../../codec/combinators.ts';

/** Refresh policies, by number. */
export const REFRESH_POLICIES = ['NONE', 'IMMEDIATE', 'WAIT_UNTIL'] as const satisfies readonly RefreshPolicy[];

/** What a write does about refreshing: nothing, refresh at once (`IMMEDIATE`), or answer after the next refresh (`WAIT_UNTIL`). */
export type RefreshPolicy = 'NONE' | 'IMMEDIATE' | 'WAIT_UNTIL';

/** `u8` refresh policy. @default NONE. @see wire-format.md §11.1 */
export const refreshPolicy = withDefault(byteEnumeration('refresh policy', REFRESH_POLICIES), 'NONE');
