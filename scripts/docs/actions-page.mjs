import { catalogue, shortNameOf } from 'opensearch-transport/actions';
import { versionText } from 'opensearch-transport/protocol';
import { GENERATED, table } from './table.mjs';

/** Longer enumerations show their beginning. */
const SHOWN_VALUES = 12;

const FAMILIES = {
  cluster: 'Cluster',
  docs: 'Documents',
  indices: 'Indices',
  internal: 'Handshakes',
  extension: 'Between nodes and extensions',
};

/** docs/actions.md */
export function actionsPage() {
  const values = new Map();
  const families = Object.keys(FAMILIES).map((family) => familySection(family, values));
  return `${INTRODUCTION}\n\n${overview()}\n\n${families.join('\n\n')}\n\n${valuesSection(values)}\n`;
}

const familyOf = (action) => shortNameOf(action)?.split('.')[0] ?? 'extension';
const titleOf = (action) => shortNameOf(action) ?? action.name;
const idempotence = ({ idempotent }) => (idempotent ? 'yes' : 'no');

function inFamily(family) {
  return catalogue.filter((action) => familyOf(action) === family);
}

function overview() {
  const rows = Object.keys(FAMILIES)
    .flatMap(inFamily)
    .map((action) => [link(titleOf(action)), `\`${action.name}\``, action.summary, idempotence(action), action.purpose]);
  return table(['in code', 'on the wire', 'what it does', 'idempotent', 'channel'], rows);
}

function familySection(family, values) {
  return `## ${FAMILIES[family]}\n\n${inFamily(family)
    .map((action) => actionSection(action, values))
    .join('\n\n')}`;
}

function actionSection(action, values) {
  const facts = `\`${action.name}\` · ${action.idempotent ? 'idempotent' : 'not idempotent'} · channel \`${action.purpose}\``;
  const parts = [`### ${titleOf(action)}`, `${action.summary}.`, facts];
  parts.push(`**Request**${shape(action.request.schema, values)}`, `**Response**${shape(action.response.schema, values)}`);
  return parts.join('\n\n');
}

function shape(schema, values) {
  if (schema.kind !== 'struct') return `: ${typeText(schema, values)}`;
  if (schema.fields.length === 0) return ': nothing';
  return `\n\n${fieldsTable(schema, values)}`;
}

function fieldsTable(struct, values) {
  return table(['field', 'type', 'may be left out', 'versions'], fieldRows(struct, '', values));
}

/** A row a field; the fields of a struct without a name follow below the field that holds it. */
function fieldRows(struct, prefix, values) {
  return struct.fields.flatMap(({ name, schema, sparse }) => {
    const path = `${prefix}${name}`;
    const row = [`\`${path}\``, typeText(schema, values), sparse ? 'yes' : '', gatesOf(schema).join(', ')];
    const { inner, suffix } = innerStruct(schema);
    return [row, ...(inner === null ? [] : fieldRows(inner, `${path}${suffix}.`, values))];
  });
}

/** The struct without a name inside lists, options and gates, and how its fields are reached. */
function innerStruct(schema, suffix = '') {
  switch (schema.kind) {
    case 'struct':
      return { inner: schema.name === undefined ? schema : null, suffix };
    case 'list':
      return innerStruct(schema.of, `${suffix}[]`);
    case 'map':
      return innerStruct(schema.of, `${suffix}{}`);
    case 'mapOfLists':
      return innerStruct(schema.of, `${suffix}{}[]`);
    case 'optional':
    case 'gate':
      return innerStruct(schema.of, suffix);
    default:
      return { inner: null, suffix };
  }
}

function gatesOf(schema) {
  if (schema.kind === 'optional') return gatesOf(schema.of);
  if (schema.kind !== 'gate') return [];
  const { since, until, of, older } = schema;
  const layout = older === undefined ? '' : 'another layout before ';
  const own =
    since !== undefined
      ? layout === ''
        ? `from ${versionText(since)}`
        : `${layout}${versionText(since)}`
      : `before ${versionText(until)}`;
  return [own, ...gatesOf(of)];
}

function typeText(schema, values) {
  switch (schema.kind) {
    case 'struct':
      return structText(schema, values);
    case 'enum':
      return valuesText(schema.values);
    case 'enumSet':
      return `set of ${valuesText(schema.values)}`;
    case 'list':
      return `list of ${typeText(schema.of, values)}`;
    case 'map':
      return `map of ${typeText(schema.of, values)}`;
    case 'mapOfLists':
      return `map of lists of ${typeText(schema.of, values)}`;
    case 'optional':
      return `${typeText(schema.of, values)} or null`;
    case 'gate':
      return typeText(schema.of, values);
    case 'lazy':
      return typeText(schema.of(), values);
    case 'custom':
    case 'bytes':
      return `\`${schema.name}\``;
    default:
      return `\`${schema.kind}\`${schema.as === 'either' ? ' (number or bigint)' : schema.as === 'bigint' ? ' (bigint)' : ''}`;
  }
}

/** A struct with a name is described once, among the values; one of the same name with other fields as its second form. */
function structText(schema, values) {
  const { name } = schema;
  if (name === undefined) return 'object';
  for (let form = 1; ; form++) {
    const title = form === 1 ? name : `${name}, form ${form}`;
    const known = values.get(title);
    if (known === undefined) {
      const value = { schema, text: '' };
      values.set(title, value);
      value.text = fieldsTable(schema, values);
    } else if (known.schema !== schema && known.text !== fieldsTable(schema, values)) continue;
    return link(title);
  }
}

function valuesText(all) {
  const shown = all.slice(0, SHOWN_VALUES).map((value) => `\`'${value}'\``);
  return `${shown.join(' | ')}${all.length > SHOWN_VALUES ? ` … (${all.length})` : ''}`;
}

function valuesSection(values) {
  const names = [...values.keys()].sort();
  return `## Values\n\nWhat several messages hold.\n\n${names.map((name) => `### ${name}\n\n${values.get(name).text}`).join('\n\n')}`;
}

/** A link to the section of a name, by the rule GitHub makes anchors with. */
function link(name) {
  const anchor = name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
  return `[\`${name}\`](#${anchor})`;
}

const INTRODUCTION = `${GENERATED}

# Actions

What a client can call and a server can handle: \`client.call(cluster.health, { level: 'INDICES' })\` with \`cluster\` from \`opensearch-transport/actions\`. An action that is not here can be
defined in a few lines ([architecture.md](architecture.md) §7), and \`ostp actions NAME\` shows the same as these tables.

Types are those of the wire ([wire-format.md](wire-format.md) §8): \`vInt\` and its like are numbers, \`vLong\` and its like numbers that refuse what is beyond 2⁵³ unless they say otherwise, bytes are Buffers.
A field that may be left out of what is sent is always there in what is received. A field that came with a version is not sent to older nodes. Idempotent means that repeating the call does no harm.`;
