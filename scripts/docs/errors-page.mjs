import { ERROR_CODES } from 'opensearch-transport';
import { GENERATED, table } from './table.mjs';

const FAULTS = {
  usage:
    'The arguments or options of the call are wrong. Correct them. The request was not sent, unless the call was cancelled after sending.',
  resource: 'A limit of this process was reached. Wait, or raise the limit.',
  network: 'The node could not be reached, was lost, or took too long.',
  protocol: 'The peer broke the protocol, or the two ends are incompatible.',
  application: 'The node understood the request and answered with an exception.',
};

/** docs/errors.md */
export function errorsPage() {
  const sections = Object.entries(FAULTS).map(([fault, meaning]) => `## ${fault}\n\n${meaning}\n\n${codesOf(fault)}`);
  return `${INTRODUCTION}\n\n${sections.join('\n\n')}\n\n${ENDING}\n`;
}

function codesOf(fault) {
  const codes = Object.entries(ERROR_CODES).filter(([, facts]) => facts.fault === fault);
  return table(
    ['code', 'meaning', 'what to do', 'safe to repeat?', 'delivery', 'scope', 'CLI exit code'],
    codes.map(([code, facts]) => [
      `\`${code}\``,
      facts.meaning,
      facts.remedy,
      repeatable(facts),
      facts.delivery,
      facts.scope,
      String(facts.exit),
    ]),
  );
}

function repeatable({ delivery, fault }) {
  if (delivery === 'maybe-sent') return 'only if the action is idempotent';
  if (delivery === 'answered') return fault === 'application' ? 'only if the answer says so' : 'no, it would fail again';
  return fault === 'usage' ? 'yes, after correction' : 'yes';
}

const INTRODUCTION = `${GENERATED}

# Errors

This page lists every error code, what it means and what to do about it. Use it when a call fails, or to decide which calls to retry.

Every error is a \`TransportError\`. Its \`message\` is for people and may change between releases. Programs read these properties, which do not change:

${table(
  ['property', 'values', 'meaning'],
  [
    ['`code`', 'one of the codes below', 'what happened'],
    ['`scope`', '`call` `channel` `node` `client`', 'how much is affected'],
    ['`fault`', '`usage` `resource` `network` `protocol` `application`', 'what or who caused it'],
    ['`delivery`', '`not-sent` `maybe-sent` `answered`', 'whether the request reached the peer, and so whether the call can be repeated'],
  ],
)}

\`\`\`js
try {
  await client.call(docs.index, request);
} catch (error) {
  if (error.delivery === 'not-sent') queue.push(request); // the request was not sent: repeating it is always safe
  else throw error;
}
\`\`\`

The tables show the usual values of a code. An error can have other values: a call whose deadline expired before a connection was open has
\`ERR_DEADLINE\` with \`delivery: 'not-sent'\`, not \`'maybe-sent'\`.`;

const ENDING = `## Classes

These classes have further properties. \`instanceof\` also works if two copies of the package are loaded.

${table(
  ['class', 'further properties'],
  [
    [
      '`RemoteError`',
      '`remoteType`, `reason`, `status` and `metadata` of the exception with which the node answered; `cause` is its cause, again a `RemoteError`; `remote` is the whole chain with stacks and headers',
    ],
    ['`DeadlineError`', '`phase`: where the time went (`dial`, `handshake`, `answer`)'],
    ['`CancelledError`', "`cause`: the reason of the caller's signal"],
    ['`FrameError`', '`offset` of the error in the stream of bytes; the channel is closed'],
    ['`DecodeError`', '`path` and `offset` of the field that cannot be read; only this call fails'],
    ['`StatusError`', 'for handlers to throw: its `status`, `type` and `reason` are sent to the caller unchanged'],
  ],
)}

## Exit codes of \`ostp\`

${table(
  ['exit code', 'meaning'],
  [
    ['0', 'success; also a server (`serve`, `node`, `demo`) that was stopped by Ctrl-C or SIGTERM'],
    ['1', 'the call failed, or something did not decode'],
    ['2', 'usage or configuration'],
    ['3', 'the peer cannot be reached, or the handshake or the version was refused'],
    ['4', 'a local error, for example a port in use or missing Java'],
    ['130', 'interrupted by Ctrl-C (SIGINT)'],
    ['143', 'terminated by SIGTERM'],
  ],
)}`;
