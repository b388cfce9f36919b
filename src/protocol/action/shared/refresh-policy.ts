import { byteEnumeration, withDefault } from '../../codec/combinators.ts';

/** What a write does about refreshing: nothing, refresh at once, or answer after the next refresh. */
export const REFRESH_POLICIES = ['NONE', 'IMMEDIATE', 'WAIT_UNTIL'] as const satisfies readonly RefreshPolicy[];

/** One of {@link REFRESH_POLICIES}. */
export type RefreshPolicy = 'NONE' | 'IMMEDIATE' | 'WAIT_UNTIL';

/** `u8` refresh policy. @default NONE. @see wire-format.md §11.1 */
export const refreshPolicy = withDefault(byteEnumeration('refresh policy', REFRESH_POLICIES), 'NONE');
