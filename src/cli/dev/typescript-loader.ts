import { register } from 'node:module';

// Imported by a worker before the file of the extension: see worker-options.ts, which also says where esbuild is.
register('./typescript-hooks.js', import.meta.url, { data: new URL(import.meta.url).searchParams.get('esbuild') });
