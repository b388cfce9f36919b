/**
 * Buffer with the slice and write methods that `toString` and `write` call underneath. They have been there since Node 0.x and are declared by
 * newer typings; calling them directly saves the encoding look-up per string.
 */
export interface FastBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
  utf8Write(text: string, offset: number, length: number): number;
}
