import type * as Yaml from 'yaml';
import { StatusError } from '../../../protocol/error/status-error.ts';
import { checkLevel, checkMember } from '../../../protocol/rest/parsed-body.ts';
import { parseFailure } from '../../../protocol/rest/refusals.ts';

/** Longest YAML body in characters. The parser needs about 2 ms for 1000 of them, and nothing else runs meanwhile. */
const MAX_YAML_CHARACTERS = 262_144;

/**
 * Reads one YAML document. Aliases are refused: OpenSearch does not resolve them, and a short text could stand for gigabytes.
 *
 * @throws StatusError 400 for other text, 413 for a text that is too long
 */
export async function readYaml(text: string): Promise<unknown> {
  if (text.length > MAX_YAML_CHARACTERS) {
    const limit = `a YAML body must have at most ${MAX_YAML_CHARACTERS} characters, got ${text.length}`;
    throw new StatusError(413, 'content_too_long_exception', limit);
  }
  const yaml = await import('yaml');
  const document = yaml.parseDocument(text, { uniqueKeys: false, logLevel: 'silent', prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw parseFailure(`the request body is not YAML: ${error.message}`, error);
  return plain(yaml, document.contents, 0);
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
