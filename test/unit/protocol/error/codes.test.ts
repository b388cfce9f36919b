import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../../../src/protocol/error/codes.ts';
import { withoutComments } from '../../specifiers.ts';

const SRC = new URL('../../../../src/', import.meta.url);

/** Everything that the sources say besides comments, without the tables and types of codes. */
const code = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !/^(?:gen\/|protocol\/error\/codes\.ts|cli\/)/.test(file))
  .map((file) => withoutComments(readFileSync(new URL(file, SRC), 'utf8')).replaceAll(/code: (?:'ERR_\w+'(?: \| )?)+/g, ''))
  .join('\n');

describe.each(Object.entries(ERROR_CODES))('%s', (name, { meaning, remedy }) => {
  // ERR_LIMIT is produced by the tools that read captures.
  test('is produced', () => {
    expect(code).toContain(`'${name}'`);
  });

  test('says in sentences what it means and what to do', () => {
    for (const text of [meaning, remedy]) {
      expect(text).toMatch(/^[A-Z`].{15,300}\.$/);
      expect(text).not.toMatch(/\b(?:is no|nobody|somebody|is none)\b/);
    }
  });
});
