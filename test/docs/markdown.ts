import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced block of a Markdown page. */
export interface CodeBlock {
  /** The name in `<!-- test: NAME -->` right above the fence; null for none. */
  readonly mark: string | null;
  /** What stands behind the opening fence: `ts`, `js`, `sh`. */
  readonly language: string;
  readonly code: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

const FENCE = /^```(\w*)\s*$/;
const MARK = /^<!-- test: ([\w-]+) -->$/;

/** The fenced blocks of a page, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const lines = markdown.split('\n');
  const blocks: CodeBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    const language = FENCE.exec(lines[at] ?? '')?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    if (end === -1) throw new Error(`the block of line ${at + 1} has no end`);
    const mark = MARK.exec(lines[at - 1] ?? '')?.[1] ?? null;
    blocks.push({ mark, language, code: `${lines.slice(at + 1, end).join('\n')}\n`, line: at + 1 });
    at = end;
  }
  return blocks;
}

/** The text of a page without its fenced blocks and code spans. */
export function prose(markdown: string): string {
  return markdown.replace(/^```[^]*?^```$/gm, '').replace(/`[^`\n]*`/g, '``');
}

/** Pages people read, by path from the root: the reports of the public API are for machines. */
export function pages(): string[] {
  const docs = readdirSync(`${ROOT}docs`).filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'examples/README.md', ...docs.map((name) => `docs/${name}`)];
}

/** The text of a file of the repository. */
export function read(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}
