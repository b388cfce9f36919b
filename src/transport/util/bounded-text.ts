/** Names that peers tell of themselves are kept up to this length, in characters. Genuine ones have a few dozen. */
const MAX_NAME_CHARACTERS = 256;

/**
 * Returns the name of a peer as it is remembered: the beginning of a long one, and an ellipsis. The beginning is a copy: a slice would keep the whole text
 * in memory.
 */
export function boundedName(name: string): string {
  if (name.length <= MAX_NAME_CHARACTERS) return name;
  return `${Buffer.from(name.slice(0, MAX_NAME_CHARACTERS), 'utf16le').toString('utf16le')}…`;
}
