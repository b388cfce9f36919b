import { reasonOf } from '../../protocol/error/reason-of.ts';

/** Returns why `fetch` failed, which hides the reason in the cause of its error. */
export function reasonOfUnreachable(error: unknown): { readonly cause: unknown; readonly code: unknown; readonly reason: string } {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = (cause as { code?: unknown } | null)?.code;
  return { cause, code, reason: reasonOf(cause) === '' ? String(code) : reasonOf(cause) };
}
