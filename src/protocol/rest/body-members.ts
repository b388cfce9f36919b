import { jsonObject } from './body.ts';
import { membersOf } from './json-members.ts';
import { longFrom, parseInt32 } from './long-text.ts';
import { illegalArgument } from './refusals.ts';

/** How a member of a JSON body is read: the field it becomes, and its reader. `raw` is the text of the value. */
export type Member<Field extends string = string, T = unknown> = readonly [
  field: Field,
  read: (value: unknown, raw: string, name: string) => T,
];

type Members = Readonly<Record<string, Member>>;

/** What a table of members is read into. */
export type FieldsOf<M extends Members> = {
  readonly [Name in keyof M as M[Name][0]]?: M[Name] extends Member<string, infer T> ? T | undefined : never;
};

/** What a table does with a member. */
export interface MemberRules {
  /** Makes the error for a member that is not in the table. */
  readonly unknown: (name: string) => Error;
  /** Checks a value before it is read. @returns false to leave it out. @default everything is read */
  readonly accepts?: (value: unknown, name: string) => boolean;
}

/** Reads a JSON object by a table of its members. @throws StatusError 400 */
export function readMembers<const M extends Members>(
  members: M,
  text: string,
  { unknown, accepts = () => true }: MemberRules,
): FieldsOf<M> {
  const raw = membersOf(text);
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(jsonObject(text))) {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    if (member === undefined) throw unknown(name);
    const [field, read] = member;
    if (accepts(value, name)) fields[field] = read(value, raw.get(name) ?? '', name);
  }
  return fields as FieldsOf<M>;
}

/** Text; numbers keep all of their digits. */
export function textMember(value: unknown, raw: string): string {
  return typeof value === 'string' ? value : raw;
}

/** A 64-bit integer, as number or text. @throws StatusError 400 */
export function longMember(value: unknown, raw: string): number | bigint {
  return longFrom(textMember(value, raw));
}

/** A 32-bit integer, as number or text. @throws StatusError 400 */
export function intMember(value: unknown, raw: string): number {
  const number = parseInt32(textMember(value, raw));
  if (number === undefined) throw illegalArgument(`Value [${raw}] is out of range for an integer`);
  return number;
}

/** A boolean, as such or as text. @throws StatusError 400 */
export function flagMember(value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw illegalArgument(`Failed to parse value [${String(value)}] as only [true] or [false] are allowed.`);
}
