import { pathToFileURL } from 'node:url';
import { devNode, type DevNode } from '../../src/devnode/dev-node.ts';
import type { Extension } from '../../src/extension/extension.ts';
import { type CodeBlock, codeBlocks, read } from './markdown.ts';
import { freePort } from './ports.ts';
import { Scratch } from './scratch.ts';

/** Names that a block may use without importing them, by where they come from. The page says that such blocks belong to an extension `ext`. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'opensearch-transport/extension': ['encoded', 'json', 'response', 'setting', 'StatusError', 'text'],
  'opensearch-transport/actions': ['cluster', 'docs', 'indices'],
};

/** An answer of a node to its client. */
export interface PageAnswer {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
  readonly headers: Headers;
}

/** An extension of the page that a development node serves. */
export interface ServedBlock extends AsyncDisposable {
  readonly ext: Extension;
  send(line: string, body?: string, contentType?: string): Promise<PageAnswer>;
}

/** The TypeScript blocks of a page about extensions: compiled together, each a module that exports its extension `ext`. */
export class ExtensionPage {
  readonly blocks: readonly CodeBlock[];
  readonly scratch: Scratch;
  readonly #ports = new Map<string, number>();
  #files: Readonly<Record<string, string>> = {};

  constructor(path: string) {
    this.blocks = codeBlocks(read(path));
    this.scratch = new Scratch('extension-page');
  }

  block(mark: string): CodeBlock {
    const found = this.blocks.find((block) => block.mark === mark);
    if (found === undefined) throw new Error(`the page has no block marked <!-- test: ${mark} -->`);
    return found;
  }

  /** Compiles every TypeScript block. Port 4500 becomes a free one for each; `change` replaces more. */
  async compile(change: (code: string) => string): Promise<void> {
    const sources: Record<string, string> = {};
    for (const { mark, language, code } of this.blocks) {
      if (mark === null || language !== 'ts') continue;
      const port = await freePort();
      this.#ports.set(mark, port);
      sources[mark] = complete(change(code.replace('port: 4500', `port: ${port}`)));
    }
    this.#files = await this.scratch.compile(sources);
  }

  /** The port that the extension of a block has instead of 4500. */
  port(mark: string): number {
    return this.#ports.get(mark) ?? 0;
  }

  /** The compiled file of a block. */
  file(mark: string): string {
    const file = this.#files[mark];
    if (file === undefined) throw new Error(`the page has no TypeScript block marked ${mark}`);
    return file;
  }

  /** Loads the module of a block and returns its extension. */
  async load(mark: string): Promise<Extension> {
    const { ext } = (await import(/* @vite-ignore */ pathToFileURL(this.file(mark)).href)) as { ext: Extension };
    return ext;
  }

  /** Lets a node serve the extension of a block, by the mark as unique id. */
  async serve(mark: string, node: DevNode): Promise<ServedBlock> {
    const ext = await this.load(mark);
    if (!this.block(mark).code.includes('ext.listen()')) await ext.listen();
    await ext.initialize(node.httpUrl, { name: mark, uniqueId: mark });
    return {
      ext,
      send: (line, body, contentType = 'application/json') => {
        const [method = '', path = ''] = line.split(' ');
        const init = body === undefined ? { method } : { method, body, headers: { 'content-type': contentType } };
        return send(`${node.httpUrl}/_extensions/_${mark}${path}`, init);
      },
      [Symbol.asyncDispose]: () => ext.close({ drainMs: 0 }),
    };
  }

  remove(): void {
    this.scratch.remove();
  }
}

/** Sends a request and reads the answer. */
export async function send(url: string, init: RequestInit = {}): Promise<PageAnswer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, text, json: /^[{[]/.test(text) ? JSON.parse(text) : null, headers: response.headers };
}

/** Runs a check with a development node. */
export async function withNode(check: (node: DevNode) => Promise<void>, version = '3.9.0'): Promise<void> {
  const node = await devNode({ version });
  try {
    await check(node);
  } finally {
    await node.close();
  }
}

/** Adds to a block what the page says comes before it. */
function complete(code: string): string {
  if (code.includes('const ext =')) return `${code}export { ext };\n`;
  const imports = Object.entries(KNOWN).map(([door, names]) => {
    const used = names.filter((name) => new RegExp(`(?<![\\w.'/])${name}\\b(?=[(.]|$)`).test(code) || code.includes(`new ${name}(`));
    return used.length === 0 ? '' : `import { ${used.join(', ')} } from '${door}';\n`;
  });
  return `import { extension } from 'opensearch-transport/extension';\n${imports.join('')}export const ext = extension({ port: 0 });\n${code}`;
}
