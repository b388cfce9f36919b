// Part of the build: writes `Buffer` and `Uint8Array` without their type argument in the declarations of dist. TypeScript before 5.7 knows no such
// argument, and what the compiler infers there is its default.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const dist = resolve(import.meta.dirname, '..', 'dist');
const ARGUMENT = /\b(Buffer|Uint8Array)<ArrayBuffer(?:Like)?>/g;

for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue;
  const path = join(dist, name);
  const text = readFileSync(path, 'utf8');
  if (text.search(ARGUMENT) >= 0) writeFileSync(path, text.replaceAll(ARGUMENT, '$1'));
}
