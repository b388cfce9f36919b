import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/protocol/action/catalogue.ts';
import { ERROR_CODES } from '../../src/protocol/error/codes.ts';
import { restActions } from '../../src/protocol/rest/rest-catalogue.ts';
import { DEFAULT_LIMITS } from '../../src/protocol/wire/limits.ts';
import { read, ROOT } from './markdown.ts';

describe('the pages that follow from the code', () => {
  test('are what it says: `npm run build && npm run docs` writes them', async () => {
    const script = join(ROOT, 'scripts', 'generate-docs.mjs');
    const { stderr } = await promisify(execFile)(process.execPath, [script, '--check'], { cwd: ROOT, timeout: 30_000 });
    expect(stderr).toBe('');
  });

  test('errors.md has a row for every code', () => {
    const rows = new Set(read('docs/errors.md').match(/^\| `ERR_\w+`/gm));
    expect([...rows].sort()).toEqual(
      Object.keys(ERROR_CODES)
        .map((code) => `| \`${code}\``)
        .sort(),
    );
  });

  test('actions.md has a section for every action', () => {
    const named = [...read('docs/actions.md').matchAll(/^`([\w:/-]+)` · (?:not )?idempotent/gm)].map(([, name]) => String(name));
    expect(named.sort()).toEqual(catalogue.map(({ name }) => name).sort());
  });

  test('limits.md has a row for every limit, and none without words', () => {
    const page = read('docs/limits.md');
    for (const limit of Object.keys(DEFAULT_LIMITS)) expect(page).toMatch(new RegExp(`^\\| \`${limit}\` \\| [\\d_]+`, 'm'));
    expect(page.match(/^\| `\w+` .*\|  \|$/gm)).toBeNull();
  });

  test('rest.md has a row for every route and every parameter', () => {
    const page = read('docs/rest.md');
    for (const { routes, parameters } of restActions) {
      for (const { method, path } of routes) expect(page).toContain(`| \`${method} ${path}\` | [`);
      for (const [name, { summary }] of Object.entries(parameters)) {
        expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\| (path|query) \\|`, 'm'));
        expect(page).toContain(summary);
      }
    }
  });
});
