/** Returns a value as Java's `Map.toString` and `List.toString` write it, for messages that show a value as a node does. */
export function javaText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `[${value.map(javaText).join(', ')}]`;
  if (typeof value !== 'object') return String(value as string | number | boolean);
  return `{${Object.entries(value)
    .map(([name, item]) => `${name}=${javaText(item)}`)
    .join(', ')}}`;
}
