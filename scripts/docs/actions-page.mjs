import { catalogue, shortNameOf } from 'opensearch-transport/actions';
import { schemaFold, versionText } from 'opensearch-transport/protocol';
import { GENERATED, table } from './table.mjs';

/** Longer enumerations show their beginning. */
const SHOWN_VALUES = 12;

/** Titles of the families that have one beside their name. */
const TITLES = {
  cluster: 'Cluster',
  docs: 'Documents',
  indices: 'Indices',
  internal: 'Handshakes',
  extension: 'Between nodes and extensions',
};

/** docs/actions.md */
export function actionsPage() {
  const values = new Map();
  const families = FAMILIES.map((family) => familySection(family, values));
  return `${INTRODUCTION}\n\n${overview()}\n\n${families.join('\n\n')}\n\n${valuesSection(values)}\n`;
}

const familyOf = (action) => shortNameOf(action).split('.')[0];
const FAMILIES = [...new Set([...Object.keys(TITLES), ...catalogue.map(familyOf)])];
const titleOf = (action) => shortNameOf(action);
const idempotence = ({ idempotent }) => (idempotent ? 'yes' : 'no');

function inFamily(family) {
  return catalogue.filter((action) => familyOf(action) === family);
}

function overview() {
  const rows = FAMILIES.flatMap(inFamily).map((action) => [
    link(titleOf(action)),
    `\`${action.name}\``,
    action.summary,
    idempotence(action),
    action.purpose,
  ]);
  return table(['in code', 'on the wire', 'what it does', 'idempotent', 'channel'], rows);
}

function familySection(family, values) {
  return `## ${TITLES[family] ?? family}\n\n${inFamily(family)
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
  const { fields } = describe(schema);
  if (fields === null) return `: ${typeText(schema, values)}`;
  if (fields.length === 0) return ': nothing';
  return `\n\n${fieldsTable(schema, values)}`;
}

function fieldsTable(struct, values) {
  return table(['field', 'type', 'may be left out', 'versions'], fieldRows(describe(struct).fields, '', values));
}

/** A row a field; the fields of a struct without a name follow below the field that holds it. */
function fieldRows(fields, prefix, values) {
  return fields.flatMap(({ name, schema, canOmit, result }) => {
    const path = `${prefix}${name}`;
    const row = [`\`${path}\``, typeText(schema, values), canOmit ? 'yes' : '', result.gates.join(', ')];
    const { inline, suffix } = result;
    return [row, ...(inline === null ? [] : fieldRows(inline, `${path}${suffix}.`, values))];
  });
}

/**
 * What the page says of a schema: `text(values)` is its type, `gates` the versions it stands in, `fields` those of a struct, `inline` those of the
 * struct without a name inside lists, options and gates, and `suffix` how they are reached.
 */
const describe = schemaFold({
  scalar: ({ kind, as }) => leafOf(() => `\`${kind}\`${as === 'either' ? ' (number or bigint)' : as === 'bigint' ? ' (bigint)' : ''}`),
  bytes: ({ name }) => leafOf(() => `\`${name}\``),
  enum: ({ values }) => leafOf(() => valuesText(values)),
  enumSet: ({ values }) => leafOf(() => `set of ${valuesText(values)}`),
  list: (of) => holderOf(of, (text) => `list of ${text}`, '[]'),
  map: (of) => holderOf(of, (text) => `map of ${text}`, '{}'),
  mapOfLists: (of) => holderOf(of, (text) => `map of lists of ${text}`, '{}[]'),
  optional: (of) => ({ ...holderOf(of, (text) => `${text} or null`, ''), gates: of.gates }),
  struct: (fields, schema) => ({
    text: (values) => structText(schema, values),
    gates: [],
    fields,
    inline: schema.name === undefined ? fields : null,
    suffix: '',
  }),
  gate: (of, older, schema) => ({ ...holderOf(of, (text) => text, ''), gates: [gateText(schema), ...of.gates] }),
  lazy: (of) => leafOf((values) => of().text(values)),
  union: (cases, schema) => leafOf((values) => unionText(cases, schema, values)),
  custom: ({ name }) => leafOf(() => `\`${name}\``),
});

function leafOf(text) {
  return { text, gates: [], fields: null, inline: null, suffix: '' };
}

function holderOf(of, text, suffix) {
  return { text: (values) => text(of.text(values)), gates: [], fields: null, inline: of.inline, suffix: `${suffix}${of.suffix}` };
}

function gateText({ since, until, older }) {
  if (since === undefined) return `before ${versionText(until)}`;
  return `${older === undefined ? 'from' : 'another layout before'} ${versionText(since)}`;
}

function typeText(schema, values) {
  return describe(schema).text(values);
}

/** A union is described once, among the values: a row for each case. */
function unionText(cases, schema, values) {
  const { name, discriminator } = schema;
  if (!values.has(name)) {
    const value = { schema, text: '' };
    values.set(name, value);
    const rows = cases.map((each) => [
      discriminator === null ? `\`${each.name}\`` : `\`${discriminator}: '${each.name}'\``,
      each.aliasOf === undefined ? caseText(each, values) : `written as \`'${each.aliasOf}'\``,
      each.since === undefined ? '' : `from ${versionText(each.since)}`,
    ]);
    value.text = table([discriminator === null ? 'one of' : 'case', 'holds', 'versions'], rows);
  }
  return link(name);
}

/** The fields of a case's struct without a name, or its type. */
function caseText({ result }, values) {
  if (result.inline === null || result.inline.length === 0) return result.text(values);
  return result.inline.map(({ name, schema, canOmit }) => `\`${name}${canOmit ? '?' : ''}\`: ${typeText(schema, values)}`).join('<br>');
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
  return `## Shared values\n\nThe structures that several messages contain.\n\n${names.map((name) => `### ${name}\n\n${values.get(name).text}`).join('\n\n')}`;
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

This page lists the actions of the catalogue with all fields of their requests and responses. Use it to find the fields of a call. With \`cluster\` from
\`opensearch-transport/actions\`, a call is \`client.call(cluster.health, { level: 'INDICES' })\`. \`ostp actions NAME\` prints the same tables. You can define
other actions yourself ([architecture.md](architecture.md) §7).

- **In TypeScript**, the types are in the namespace of the family: \`docs.IndexRequestInit\` is what \`docs.index\` takes, \`docs.IndexResponse\` what it answers.
  \`opensearch-transport/actions/docs\` and its like load one family alone.
- **Types** are those of the wire ([wire-format.md](wire-format.md) §8). \`vInt\` and similar types are numbers. \`vLong\` and similar types are numbers up to 2⁵³,
  unless the table says otherwise. Bytes are Buffers.
- **May be left out**: the field is optional in a value to send. A received value always has it.
- **Versions**: fields of newer releases are not sent to older nodes.
- **Idempotent**: repeating the call does no harm.`;
