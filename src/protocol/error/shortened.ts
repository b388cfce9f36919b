/** Longest part of a peer's text that an error quotes, in UTF-16 code units: longer than any name of OpenSearch. */
const MAX_QUOTED = 256;

/**
 * Returns a text of a peer as errors quote it: its beginning, with `…` if it goes on. An answer that quotes a name of 1 MB as it is makes the answer to
 * a small request large.
 */
export function shortened(text: string): string {
  return text.length <= MAX_QUOTED ? text : `${text.slice(0, MAX_QUOTED)}…`;
}
