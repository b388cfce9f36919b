import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { literalsOf } from './texts.ts';

const SRC = new URL('../../src/', import.meta.url);

/** Forms that are hard to read, and what to write instead. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/(?<!\bthere )\b(?:is|are) no\b(?! (?:longer|more)\b)/i, 'expected X, got Y; or: Y must be X, got Z'],
  [/\b(?:is|are|was|were) none\b|\bnone (?:of|that)\b/i, 'expected one of X, got Y'],
  [/\b(?:nobody|somebody|no one|everybody)\b/i, 'say who: the server, the peer, the caller'],
  [/^what\b|[;:] what\b/i, 'name the thing: subject, verb, object'],
  [/\bnothing (?:came|comes|stands|answers|listens)\b/i, 'say who does not do what: the peer did not answer'],
  [/\bto be had\b|\bwithout a word\b|\btimes less\b|\bso many\b/i, 'plain technical English'],
];

/** Sentences that a genuine node says word for word, and others that stay, each with its reason. */
const ALLOWED: readonly (readonly [text: string, reason: string])[] = [];

function remedyFor(text: string): string | undefined {
  if (ALLOWED.some(([allowed]) => text.includes(allowed))) return undefined;
  return FORBIDDEN.find(([form]) => form.test(text))?.[1];
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts') && !name.startsWith('gen/'))
  .sort();
const literals = files.flatMap((file) => literalsOf(readFileSync(new URL(file, SRC), 'utf8')).map((literal) => ({ file, ...literal })));

test('every text of src is plain', () => {
  const complaints = literals.flatMap(({ file, line, text }) => {
    const remedy = remedyFor(text);
    return remedy === undefined ? [] : [`src/${file}:${line}: "${text}" (write: ${remedy})`];
  });
  expect(complaints).toEqual([]);
});

test('every allowed text is there', () => {
  expect(ALLOWED.filter(([allowed]) => !literals.some(({ text }) => text.includes(allowed)))).toEqual([]);
});

describe('a text is refused', () => {
  test.each([
    '${…} is no number from 0',
    '${…} bytes are no frames',
    'type: ${…} is none of the types of this port',
    'the host is none that the platform knows',
    'is no text',
    'nobody answers',
    'a header of somebody else',
    'what stands in brackets is no IPv6 address',
    'cannot connect: nothing listens there',
  ])('%s', (text) => {
    expect(remedyFor(text)).toBeDefined();
  });
});

describe('a text is accepted', () => {
  test.each([
    'maxInFlight must be an integer >= 0, got ${…}',
    'expected a string, got ${…}',
    'there is no index [${…}]',
    'the parameter [fields] is no longer supported',
    'cannot connect to ${…}: connection refused',
  ])('%s', (text) => {
    expect(remedyFor(text)).toBeUndefined();
  });
});

test('literals are found in calls and templates, not in comments, types and imports', () => {
  const source = [
    "import { a } from 'a is no module';",
    '// a comment is no text',
    "type A = 'a type is no text';",
    "throw new UsageError('ERR_USAGE', {}, `${String(a)} is no ${b('x')}`);",
  ].join('\n');
  expect(literalsOf(source)).toEqual([
    { line: 4, text: 'ERR_USAGE' },
    { line: 4, text: '${…} is no ${…}' },
    { line: 4, text: 'x' },
  ]);
});
