/** Returns the text of a thrown value, which need not be an Error. Never throws: a message may have no text, and a revoked Proxy has no prototype. */
export function reasonOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? `${thrown.message}` : String(thrown);
  } catch {
    return 'a value that has no text';
  }
}
