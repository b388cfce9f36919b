import { InvalidArgumentError } from 'commander';

/** Reads a whole number of a range. @throws InvalidArgumentError */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

/** A port, 0 for any free one. */
export const port = wholeNumber(0, 65_535);

/** Milliseconds: a timer holds no more. */
export const milliseconds = wholeNumber(1, 2_147_483_647);

/** Collects `key=value`, given as often as needed. @throws InvalidArgumentError */
export function keyValue(text: string, previous: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected key=value.');
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) };
}
