import { readFileSync } from 'node:fs';

/** What the README's installation section says, while it has no block of its own. */
const TSCONFIG = `{
  "compilerOptions": {
    "module": "nodenext",
    "target": "es2022",
    "lib": ["es2023", "esnext.disposable"],
    "types": ["node"],
    "strict": true
  }
}
`;

/** Returns the TypeScript blocks of the README by their mark, and its tsconfig.json. */
export function readmeBlocks(path) {
  const text = readFileSync(path, 'utf8');
  const blocks = [...text.matchAll(/<!-- test: ([\w-]+) -->\n```(\w+)\n([^]*?)```/g)];
  const sources = blocks.filter(([, , language]) => language === 'ts').map(([, mark, , code]) => [mark, code]);
  const tsconfig = blocks.find(([, mark]) => mark === 'tsconfig')?.[3] ?? TSCONFIG;
  return { sources: Object.fromEntries(sources), tsconfig };
}
