/** Title of everything that a quick run prints or writes, so that its figures are not taken for a measurement. */
export const QUICK_TITLE = 'QUICK RUN - NOT A MEASUREMENT';

/** One sentence that says why. */
export const QUICK_REASON = 'Every case ran once, for a fraction of a second, to show that it runs. Its figures say nothing about speed.';

/** A banner of capital letters for the console. */
export function quickBanner(): string {
  const line = '='.repeat(QUICK_TITLE.length + 4);
  return [line, `  ${QUICK_TITLE}`, line, QUICK_REASON].join('\n');
}
