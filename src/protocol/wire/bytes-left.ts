/** Returns the text of an error for bytes that are left after the end of a value. @param what the value, for example `request` */
export function bytesLeft(count: number, what: string): string {
  return `${count} ${count === 1 ? 'byte is' : 'bytes are'} left after the end of the ${what}`;
}
