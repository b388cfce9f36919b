import { ERROR_CODES } from 'opensearch-transport';
import { GENERATED, table } from './table.mjs';

const FAULTS = {
  usage: 'The caller asked for something that cannot be: correct the call. Nothing was sent, except where a call was cancelled under way.',
  resource: 'A limit was reached here: wait, or raise it.',
  network: 'The node could not be reached, was lost, or took too long.',
  protocol: 'A peer did not keep to the protocol, or the two ends do not fit each other.',
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
    ['code', 'scope', 'delivery', 'safe to repeat?', 'remedy', 'CLI exit code'],
    codes.map(([code, facts]) => [`\`${code}\``, facts.scope, facts.delivery, repeatable(facts), facts.remedy, String(facts.exit)]),
  );
}

function repeatable({ delivery, fault }) {
  if (delivery === 'maybe-sent') return 'an idempotent action only';
  if (delivery === 'answered') return fault === 'application' ? 'if the answer says so' : 'no: it would end the same way';
  return fault === 'usage' ? 'yes, once corrected' : 'yes';
}

const INTRODUCTION = `${GENERATED}

# Errors

Every error is a \`TransportError\`. Its \`message\` is a sentence for people; programs read its properties, which stay as they are:

${table(
  ['property', 'values', 'says'],
  [
    ['`code`', 'one of those below', 'what happened'],
    ['`scope`', '`call` `channel` `node` `client`', 'how much is affected'],
    ['`fault`', '`usage` `resource` `network` `protocol` `application`', 'whose doing it is'],
    ['`delivery`', '`not-sent` `maybe-sent` `answered`', 'what is known about the request, and so whether the call may be repeated'],
  ],
)}

\`\`\`js
try {
  await client.call(docs.index, request);
} catch (error) {
  if (error.delivery === 'not-sent') queue.push(request); // it never left: repeating it is always safe
  else throw error;
}
\`\`\`

The tables name what is usual for a code. An error carries what was known when it was made: a call that ran into its deadline while it waited
for a connection has \`ERR_DEADLINE\` with \`delivery: 'not-sent'\`.`;

const ENDING = `## Classes

\`instanceof\` works across two copies of the package. What a class adds to the properties above:

${table(
  ['class', 'adds'],
  [
    [
      '`RemoteError`',
      '`remoteType`, `reason`, `status`, the causes, the stack, headers and metadata of the exception the node answered with',
    ],
    ['`DeadlineError`', '`phase`: where the time went (`queue`, `dial`, `handshake`, `answer`)'],
    ['`CancelledError`', "`cause`: the reason of the caller's signal"],
    ['`FrameError`', '`offset` of the fault in the stream of bytes; its channel is closed'],
    ['`DecodeError`', '`path` and `offset` of the field that could not be read; only its call fails'],
    ['`StatusError`', 'thrown by handlers: `status`, `type` and `reason` reach the caller as they are'],
  ],
)}

## Exit codes of \`ostp\`

${table(
  ['exit code', 'meaning'],
  [
    ['0', 'as expected'],
    ['1', 'the call failed'],
    ['2', 'usage or configuration'],
    ['3', 'the peer could not be reached, or the handshake or version was refused'],
    ['4', 'a local error: a port that is taken, no Java'],
    ['130', 'interrupted'],
  ],
)}`;
