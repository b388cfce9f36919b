/** Text from a peer for a terminal: what would move the cursor or colour the screen shows as `\u001b`. Line ends stay. */
export function printable(text: string): string {
  return text.replaceAll(UNSAFE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** C0 but tab and line feed, DEL, C1, the marks that turn the direction of text round, lone surrogates. */
const UNSAFE =
  /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069](?<![\t\n])|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;
