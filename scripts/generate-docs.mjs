// Writes the pages of docs/ that follow from the code: errors, actions, REST forms, limits; with `--check`, fails where one would change. Reads dist: build first.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { actionsPage } from './docs/actions-page.mjs';
import { errorsPage } from './docs/errors-page.mjs';
import { limitsPage } from './docs/limits-page.mjs';
import { restPage } from './docs/rest-page.mjs';

const docs = resolve(import.meta.dirname, '..', 'docs');
const pages = { 'errors.md': errorsPage, 'actions.md': actionsPage, 'limits.md': limitsPage, 'rest.md': restPage };
const stale = Object.entries(pages).filter(([name, page]) => !settle(join(docs, name), page()));

for (const [name] of stale) console.error(`docs/${name} is not what the code says (npm run docs)`);
process.exitCode = stale.length > 0 ? 1 : 0;

/** True when the page is as it was, or was written. */
function settle(path, text) {
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  return textOf(path) === text;
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}
