import { DEFAULT_LIMITS } from 'opensearch-transport';
import { constantsOf, membersOf } from './declarations.mjs';
import { GENERATED, table } from './table.mjs';

/** The constants in force, by name. */
const limits = new Map(Object.entries(await import('../../dist/protocol/wire/limits.js')));

/** The sections of options, with the interfaces that declare them (file below dist, and name). */
const OPTIONS = {
  'A client': ['transport/client/client-options.d.ts ClientOptions'],
  '`reconnect` of a client': ['transport/client/connection.d.ts ReconnectOptions', 'transport/util/back-off.d.ts BackOffOptions'],
  'A call': ['transport/call/call.d.ts CallOptions'],
  'A server': ['transport/server/server-options.d.ts ServerOptions'],
  '`server.listen`': ['transport/server/server.d.ts ServerListenOptions'],
  '`server.handle`': ['transport/call/dispatcher.d.ts HandlerOptions'],
  '`close` of clients, servers and extensions': ['transport/server/server.d.ts CloseOptions'],
  'An extension': ['extension/extension-options.d.ts ExtensionOptions'],
  'The carrier `tcp`': ['transport/carrier/tcp.d.ts TcpOptions'],
  'The carrier `tls`': ['transport/carrier/tls-options.d.ts TlsOptions'],
  'A genuine node': ['realnode/real-node.d.ts RealNodeOptions', 'realnode/artefacts.d.ts PrepareOptions'],
};

/** Texts for options whose declaration has none. */
const BY_NAME = {
  carrier: 'The medium: `tcp()`, `tls()` or `memoryCarrier()`.',
  limits: 'Any of the limits above.',
  clusterName: 'Name of the cluster.',
  nodeName: 'Name of the node.',
  httpPort: 'Port of its REST interface.',
  transportPort: 'Port of its transport.',
  signal: 'Cancels the operation when it fires.',
};

/** docs/limits.md */
export function limitsPage() {
  const options = Object.entries(OPTIONS).map(([title, interfaces]) => `### ${title}\n\n${optionsTable(interfaces)}`);
  return `${INTRODUCTION}\n\n${wireTable()}\n\n${FIXED}\n\n${fixedTable()}\n\n${DEFAULTS}\n\n${options.join('\n\n')}\n`;
}

/** The limits that options change. Compares the default in the comment with the actual one. */
function wireTable() {
  const members = membersOf('protocol/wire/limits.d.ts', 'WireLimits');
  for (const name of Object.keys(DEFAULT_LIMITS)) {
    const stated = members.find((member) => member.name === name)?.usual ?? '';
    if (Number.parseInt(stated.replaceAll('_', ''), 10) !== DEFAULT_LIMITS[name])
      throw new Error(`the comment of ${name} says ${stated}, not ${DEFAULT_LIMITS[name]}`);
  }
  return table(
    ['limit', 'default', 'meaning'],
    members.map(({ name, text, usual }) => [`\`${name}\``, String(usual), text]),
  );
}

function fixedTable() {
  const constants = constantsOf('protocol/wire/limits.d.ts').filter(({ name }) => typeof limits.get(name) === 'number');
  return table(
    ['limit', 'value', 'meaning'],
    constants.map(({ name, text }) => [`\`${name}\``, String(Number(limits.get(name))), text]),
  );
}

function optionsTable(interfaces) {
  const all = interfaces.flatMap((declared) => membersOf(...declared.split(' ')));
  const members = all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at);
  return table(
    ['option', 'type', 'default', 'meaning'],
    members.map(({ name, type, text, usual }) => [`\`${name}\``, `\`${type}\``, usual ?? '', text || (BY_NAME[name] ?? '')]),
  );
}

const INTRODUCTION = `${GENERATED}

# Limits and defaults

This page lists every limit on what a peer can send, and every option with its default. Use it to configure a client, a server or an extension.

Every length from a peer is checked before anything is allocated. Every wait has a deadline.

## Limits of a connection

Set them with the option \`limits\` of a client, a server or an extension. Limits left out keep their default.`;

const FIXED = `A message beyond a limit is refused. The error is \`ERR_FRAME_TOO_LARGE\`, \`ERR_HEADER_SIZE\` or \`ERR_PAYLOAD_LIMIT\` for a received message, and
\`ERR_MESSAGE_TOO_LARGE\` for a message to send.

## Fixed limits

These limits are the same as in OpenSearch, or they bound work that grows faster than its input. They cannot be changed. A body beyond a limit is
refused with \`ERR_DECODE\`. \`UNRATED_INFLATED_BYTES\` refuses nothing: it is the size above which \`maxInflationRatio\` applies.`;

const DEFAULTS = `## Options and their defaults

Times are in milliseconds, sizes in bytes. An option without a default is either required or off unless it is set.`;
