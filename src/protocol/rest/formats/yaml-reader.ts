import type * as Yaml from 'yaml';
import { StatusError } from '../../error/status-error.ts';
import { checkLevel, checkMember } from '../parsed-body.ts';
import { parseFailure } from '../refusals.ts';

/** Longest YAML body in characters. The parser needs about 2 ms for 1000 of them, and nothing else runs meanwhile. */
const MAX_YAML_CHARACTERS = 262_144;

/** Deepest nesting of a YAML body. The library is recursive: a body that nearly fills the stack can end the process, and not with an error. */
const MAX_YAML_LEVELS = 250;

/**
 * Reads one YAML document. Aliases are refused: OpenSearch does not resolve them, and a short text could stand for gigabytes.
 *
 * @throws StatusError 400 for other text and for more than 250 levels, 413 for a text that is too long
 */
export function readYaml(yaml: typeof Yaml, text: string): unknown {
  if (text.length > MAX_YAML_CHARACTERS) {
    const limit = `a YAML body must have at most ${MAX_YAML_CHARACTERS} characters, got ${text.length}`;
    throw new StatusError(413, 'content_too_long_exception', limit);
  }
  const composer = new yaml.Composer({ uniqueKeys: false, logLevel: 'silent', prettyErrors: false });
  const [document, second] = composer.compose(tokensOf(yaml, text), true, text.length);
  if (document === undefined || second !== undefined) throw parseFailure('the request body must be one YAML document');
  const [error] = document.errors;
  if (error !== undefined) throw parseFailure(`the request body is not YAML: ${error.message}`, error);
  return plain(yaml, document.contents, 0);
}

/** Returns the tokens of a text. They are made without recursion, so that their nesting can be checked before a document is made of them. */
function tokensOf({ Lexer, Parser }: typeof Yaml, text: string): Yaml.CST.Token[] {
  const parser = new Parser();
  const tokens: Yaml.CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > MAX_YAML_LEVELS) throw parseFailure(`a YAML body must have at most ${MAX_YAML_LEVELS} levels`);
  }
  tokens.push(...parser.end());
  return tokens;
}

/** Makes values of nodes. The library's own conversion takes seconds for keys that are collections. */
function plain(yaml: typeof Yaml, node: Yaml.Node | null, level: number): unknown {
  if (node === null) return null;
  if (yaml.isScalar(node)) return node.value;
  checkLevel(level + 1);
  if (yaml.isSeq<Yaml.Node>(node)) return node.items.map((item) => plain(yaml, item, level + 1));
  if (!yaml.isMap<Yaml.Node, Yaml.Node | null>(node)) throw parseFailure('the request body must not have YAML aliases');
  const members: Record<string, unknown> = {};
  for (const pair of node.items) {
    const name = nameOf(yaml, pair);
    members[name] = plain(yaml, pair.value, level + 1);
  }
  return members;
}

function nameOf(yaml: typeof Yaml, { key }: Yaml.Pair<Yaml.Node, Yaml.Node | null>): string {
  if (!yaml.isScalar(key)) throw parseFailure('the request body must have scalars as names of members');
  const name = String(key.value);
  checkMember(name);
  return name;
}
