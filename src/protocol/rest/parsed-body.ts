import { parseFailure } from './refusals.ts';

/** Most levels of a body: OpenSearch refuses more, too. */
export const MAX_BODY_LEVELS = 1_000;

/** Longest integer of a binary body, in bytes: JSON parsers of OpenSearch accept 1000 digits. */
export const MAX_INTEGER_BYTES = 416;

/** Refuses a body that is too deep. @throws StatusError 400 */
export function checkLevel(level: number): void {
  if (level > MAX_BODY_LEVELS) throw parseFailure(`the request body has more than ${MAX_BODY_LEVELS} levels`);
}

/** Refuses a member whose name changes the prototype of an object that it is copied to. @throws StatusError 400 */
export function checkMember(name: string): void {
  if (name === '__proto__') throw parseFailure('the request body must not have a member named __proto__');
}

/** Checks a value that a parser has made of a body: its levels and the names of its members. @throws StatusError 400 */
export function checkParsed(value: unknown, level: number = 0): void {
  if (typeof value !== 'object' || value === null) return;
  checkLevel(level + 1);
  if (Array.isArray(value)) for (const item of value) checkParsed(item, level + 1);
  else
    for (const [name, item] of Object.entries(value)) {
      checkMember(name);
      checkParsed(item, level + 1);
    }
}
