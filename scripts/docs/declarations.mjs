import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const dist = resolve(import.meta.dirname, '..', '..', 'dist');

const COMMENT = String.raw`\/\*\*(?<comment>(?:(?!\*\/)[^])*)\*\/\s*`;

/** Returns the members of an interface in a declaration file of dist, with comment, type and `@default`. */
export function membersOf(file, name) {
  const source = sourceOf(file);
  const start = source.search(new RegExp(String.raw`^export interface ${name}\b`, 'm'));
  if (start === -1) throw new Error(`${file} declares no interface ${name}`);
  const body = source.slice(start, source.indexOf('\n}', start));
  const member = new RegExp(String.raw`(?:${COMMENT})?^ {4}readonly (?<name>\w+)\??: (?<type>[^]*?);(?=\n {4}[^\s}]|$(?![^]))`, 'gm');
  return [...body.matchAll(member)].map(({ groups }) => described(groups));
}

/** Returns the exported constants of a declaration file of dist, with their comments. */
export function constantsOf(file) {
  const constant = new RegExp(String.raw`${COMMENT}export declare const (?<name>\w+)\b(?<type>)`, 'g');
  return [...sourceOf(file).matchAll(constant)].map(({ groups }) => described(groups));
}

function sourceOf(file) {
  return readFileSync(join(dist, file), 'utf8').replaceAll('\r\n', '\n');
}

function described({ name, type, comment = '' }) {
  const text = comment
    .replaceAll(/^\s*\*/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const usual = /@default (.*?)(?= @|$)/.exec(text)?.[1];
  return { name, type: type.replaceAll(/\s+/g, ' '), text: proseOf(text), usual };
}

/** Removes tags from a comment and shows links to other exports as code. */
function proseOf(text) {
  return text
    .split(/ ?@(?:default|see|throws|memory|example)\b/)[0]
    .replaceAll(/\{@link ([\w.]+)\}/g, '`$1`')
    .trim();
}
