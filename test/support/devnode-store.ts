import { type DevNode, devNode } from '../../src/devnode/dev-node.ts';
import type { DevNodeOptions } from '../../src/devnode/dev-node-options.ts';

/** A development node with a short way to ask it. */
export interface AskedNode extends AsyncDisposable {
  readonly node: DevNode;
  /** Sends a request; a list is a body of lines. @returns the status and the body */
  readonly ask: (line: string, body?: unknown) => Promise<{ readonly status: number; readonly body: Answer }>;
}

/** JSON of an answer, as far as tests look into it. */
export interface Answer {
  readonly [name: string]: unknown;
  readonly error: { readonly type: string; readonly reason: string };
  readonly hits: {
    readonly total: { readonly value: number };
    readonly hits: readonly { readonly _id: string; readonly sort?: unknown; readonly _source: unknown }[];
  };
  readonly aggregations: Readonly<Record<string, { readonly value: unknown; readonly buckets: readonly Record<string, unknown>[] }>>;
  readonly items: readonly Record<string, { readonly status: number }>[];
}

const NOTHING = {} as Answer;

/** Starts a node. */
export async function askedNode(options: DevNodeOptions = {}): Promise<AskedNode> {
  const node = await devNode(options);
  const ask: AskedNode['ask'] = async (line, body) => {
    const [method = 'GET', path = '/'] = line.split(' ');
    const text = typeof body === 'string' || body === undefined ? body : Array.isArray(body) ? linesOf(body) : JSON.stringify(body);
    const init = text === undefined ? {} : { body: text, headers: { 'content-type': 'application/json' } };
    const answer = await fetch(node.httpUrl + path, { method, ...init });
    const answered = await answer.text();
    return { status: answer.status, body: answered === '' ? NOTHING : (JSON.parse(answered) as Answer) };
  };
  return { node, ask, [Symbol.asyncDispose]: () => node.close() };
}

function linesOf(lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
