/**
 * Buffer with the slice and write methods that `toString` and `write` call internally. Every Node version has them; older typings do not declare
 * them. Calling them directly saves the encoding look-up for each string.
 */
export interface FastBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
  utf8Write(text: string, offset: number, length: number): number;
}
