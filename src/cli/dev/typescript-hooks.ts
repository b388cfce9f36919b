import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as esbuildModule from 'esbuild';

const TYPESCRIPT = /\.[mc]?ts$/;

/** Endings of TypeScript by those of what it is compiled to. */
const SOURCES: Readonly<Record<string, string>> = { '.js': '.ts', '.mjs': '.mts', '.cjs': '.cts' };

type Esbuild = Pick<typeof esbuildModule, 'transform'>;

let esbuild: Promise<Esbuild> | null = null;

/** @param url where esbuild is */
export const initialize: InitializeHook<string> = (url) => {
  esbuild = import(url) as Promise<Esbuild>;
};

/** Finds `./a.ts` for an import of `./a.js`, which is what TypeScript wants written. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const source = context.parentURL === undefined ? null : sourceOf(specifier, context.parentURL);
  return next(source ?? specifier, context);
};

function sourceOf(specifier: string, parent: string): string | null {
  const ending = /\.[mc]?js$/.exec(specifier)?.[0];
  if (ending === undefined || !/^\.{0,2}\//.test(specifier) || !TYPESCRIPT.test(parent)) return null;
  const source = new URL(specifier.slice(0, -ending.length) + (SOURCES[ending] as string), parent);
  const isWritten = !existsSync(fileURLToPath(new URL(specifier, parent))) && existsSync(fileURLToPath(source));
  return isWritten ? source.href : null;
}

/** Compiles TypeScript with esbuild. Types are not checked. */
export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:') || !TYPESCRIPT.test(url)) return next(url, context);
  const { transform } = await (esbuild as Promise<Esbuild>);
  const file = fileURLToPath(url);
  const { code } = await transform(await readFile(file, 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: `node${process.versions.node}`,
    sourcefile: file,
    sourcemap: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
};
