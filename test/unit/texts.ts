import { parseAst } from 'vitest/node';

/** A string or template literal of a source. */
export interface Literal {
  readonly line: number;
  /** The text; `${…}` stands for each substitution of a template. */
  readonly text: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [property: string]: unknown;
}

/** Nodes whose literals are not texts: the names of modules, and types. */
const WITHOUT_TEXTS = /^(?:Import|ExportAll|TS(?:Type|Interface|Literal))/;

/** Returns the literals of a TypeScript source that can become text for people. Comments, types and names of modules do not count. */
export function literalsOf(source: string): Literal[] {
  const found: Literal[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    if (!isNode(value) || WITHOUT_TEXTS.test(value.type)) return;
    const text = textOf(value);
    if (text !== undefined) found.push({ line: source.slice(0, value.start).split('\n').length, text });
    for (const child of Object.values(value)) visit(child);
  };
  visit(parseAst(source, { lang: 'ts' }));
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function textOf(node: Node): string | undefined {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined;
  if (node.type !== 'TemplateLiteral') return undefined;
  const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  return quasis.map(({ value }) => value.cooked).join('${…}');
}
