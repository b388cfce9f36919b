import { shortNameOf } from 'opensearch-transport/actions';
import { GENERATED, table } from './table.mjs';

const { restActions } = await import('../../dist/protocol/rest/rest-catalogue.js');

/** docs/rest.md */
export function restPage() {
  return `${INTRODUCTION}\n\n${overview()}\n\n${restActions.map(section).join('\n\n')}\n`;
}

const titleOf = ({ routes: [{ method, path }] }) => `${method} ${path}`;

function overview() {
  const rows = restActions.flatMap((rest) =>
    rest.routes.map(({ method, path }) => [`\`${method} ${path}\``, link(rest.action), rest.summary]),
  );
  return table(['route', 'action', 'what it does'], rows);
}

function section(rest) {
  const { summary, action, routes, body, removed, restOnlyFields } = rest;
  const parts = [`## ${titleOf(rest)}`, `${summary}: ${link(action)}.`];
  if (routes.length > 1) parts.push(`Routes: ${routes.map(({ method, path }) => `\`${method} ${path}\``).join(', ')}.`);
  parts.push(parameterTable(rest));
  if (body !== null) parts.push(`**Body**: ${body}.`);
  const reasons = Object.entries(removed).map(([name, reason]) => `- \`${name}\`: ${reason}`);
  if (reasons.length > 0) parts.push(`Removed parameters, which a node refuses:`, reasons.join('\n'));
  if (restOnlyFields.length > 0)
    parts.push(`A node's answer has ${restOnlyFields.map((field) => `\`${field}\``).join(', ')} too, which is not on the wire.`);
  return parts.filter((part) => part !== '').join('\n\n');
}

function parameterTable({ parameters }) {
  const rows = Object.entries(parameters).map(([name, { place, type, values, default: usual, summary }]) => [
    `\`${name}\``,
    place,
    typeText(type, values),
    usual === null ? '' : usual,
    summary,
  ]);
  return rows.length === 0 ? 'No parameters.' : table(['parameter', 'in', 'type', 'default', 'what it means'], rows);
}

function typeText(type, values) {
  if (values.length === 0 || type === 'boolean') return type;
  const shown = values.map((value) => `\`${value}\``).join(', ');
  return type === 'enum' ? shown : `${type} of ${shown}`;
}

/** A link to the section of an action. */
function link(action) {
  const name = shortNameOf(action);
  return `[\`${name}\`](actions.md#${name.toLowerCase().replaceAll('.', '')})`;
}

const INTRODUCTION = `${GENERATED}

# REST forms of actions

The routes that \`ostp call --rest\` answers over the transport, with the same parameters, refusals, statuses and JSON as a node's REST layer.

Every route also takes \`pretty\`, \`human\`, \`error_trace\`, \`filter_path\` and \`format\`. A node refuses any other parameter that a route does not have. A parameter in the path may also stand in
the query, if the path of the route does not have it. A time is a number with a unit, such as \`30s\` or \`500ms\`; the bare name of a boolean is true; the items of a list are separated by commas.`;
