import { ERROR_CODES } from 'opensearch-transport';
import { GENERATED, table } from './table.mjs';

const FAULTS = {
  usage:
    'The caller is the cause: an argument or option is wrong, the call was cancelled, or the client is closed. The request was not sent, unless the call was cancelled after sending.',
  resource:
    'The cause is on the side that reports the error: a limit of its process was reached, or something on its machine is missing or in use.',
  network: 'The node could not be reached, was lost, or took too long.',
  protocol: [
    'The two ends do not fit together: the peer sent invalid bytes, a message exceeds a limit, or certificates, versions or clusters differ.',
    'Five codes are for invalid frames: `ERR_BAD_MARKER`, `ERR_BAD_LENGTH`, `ERR_FRAME_TOO_LARGE`, `ERR_HEADER_SIZE` and `ERR_COMPRESSION`. An invalid frame closes the connection. What a call gets depends on when that happens:',
    [
      '- During the handshake, the error is `ERR_HANDSHAKE` (exit code 3).',
      '- Later, the calls in flight fail with `ERR_CONNECTION_LOST` (exit code 1).',
      '- The call whose own answer has an invalid compressed body fails with `ERR_COMPRESSION` (exit code 3).',
    ].join('\n'),
    'In the first two cases `cause` is the error of the invalid frame; its row says what to do. The events `connection` of a client and `channelClosed` of a server report the error of the invalid frame, not `ERR_CONNECTION_LOST`.',
  ].join('\n\n'),
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
    ['code', 'meaning', 'what to do', 'executed by the node?', 'does repeating help?', '`delivery`', '`scope`', 'exit code of `ostp`'],
    codes.map(([code, facts]) => [
      `\`${code}\``,
      facts.meaning,
      facts.remedy,
      executed(code, facts),
      repeating(code, facts),
      facts.delivery,
      facts.scope,
      String(facts.exit),
    ]),
  );
}

/** Whether the node may have executed the request of a call that failed with the code. */
function executed(code, { delivery }) {
  if (delivery === 'not-sent') return 'no';
  if (delivery === 'maybe-sent') return 'perhaps; no if `delivery` is `not-sent`';
  return EXECUTED[code] ?? fail(code);
}

const EXECUTED = {
  ERR_DECODE: 'yes',
  ERR_PAYLOAD_LIMIT: 'yes',
  ERR_BAD_REQUEST: 'no',
  ERR_REMOTE: 'perhaps in part',
  ERR_UNKNOWN_ACTION: 'no',
};

/** Whether the same call can succeed later. */
function repeating(code, { delivery, fault }) {
  if (code in REPEATING) return REPEATING[code];
  if (fault === 'usage' || fault === 'protocol') return UNTIL_CORRECTED;
  if (fault === 'network' && delivery === 'not-sent') return 'yes, later';
  if (fault === 'network') return WHEN_IDEMPOTENT;
  return fail(code);
}

const WHEN_IDEMPOTENT = '`not-sent`: yes. `maybe-sent`: only if the action is idempotent';
const UNTIL_CORRECTED = 'no, not before the cause is corrected';
const REPEATING = {
  ERR_CANCELLED: WHEN_IDEMPOTENT,
  ERR_OVERLOADED: 'yes, later',
  ERR_ADDRESS_IN_USE: UNTIL_CORRECTED,
  ERR_ENVIRONMENT: UNTIL_CORRECTED,
  ERR_TLS: UNTIL_CORRECTED,
  ERR_HANDSHAKE: 'yes, later, if the node was starting or stopping; otherwise not before the cause is corrected',
  ERR_REMOTE:
    '429: yes, later; the node has usually not executed the request. 503: yes, later, but only if the action is idempotent. Other 5xx: only if the action is idempotent. Other statuses: no',
  ERR_UNKNOWN_ACTION: UNTIL_CORRECTED,
};

function fail(code) {
  throw new Error(`the errors page does not say whether to repeat a call that failed with ${code}`);
}

const INTRODUCTION = `${GENERATED}

# Errors

This page lists every error code, what it means and what to do about it. Use it when a call fails, or to decide which calls to repeat.

Every error is a \`TransportError\`. Its \`message\` is for people and may change between releases. Programs read these properties, which do not change:

${table(
  ['property', 'values', 'meaning'],
  [
    ['`code`', 'one of the codes below', 'what happened'],
    [
      '`scope`',
      '`call` `channel` `node` `client`',
      'what is affected: only this call; the channel (one TCP connection) with all its calls; the node; the whole client or server',
    ],
    ['`fault`', '`usage` `resource` `network` `protocol` `application`', 'the cause; one section below for each'],
    [
      '`delivery`',
      '`not-sent` `maybe-sent` `answered`',
      'whether the request may have reached the node: not sent; perhaps sent, without an answer; answered',
    ],
  ],
)}

\`\`\`js
try {
  await client.call(docs.index, request);
} catch (error) {
  // Not sent: repeating cannot execute it twice. With fault 'usage' the call would fail again, or the program itself has cancelled it.
  if (error.delivery === 'not-sent' && error.fault !== 'usage') queue.push(request);
  else throw error;
}
\`\`\`

Before you repeat a call, ask two questions. Can the node have executed it? Does repeating help? The tables answer both for each code. If the node may have
executed a call, repeat it only if its action is idempotent: \`action.idempotent\` and the list in [actions.md](actions.md) say whether it is. Limit the
number of attempts: a wrong certificate or version also has \`delivery: 'not-sent'\`, and fails until it is corrected.

The tables show the usual values of a code. An error can have other values: a call whose deadline expired before a connection was open has
\`ERR_DEADLINE\` with \`delivery: 'not-sent'\`, not \`'maybe-sent'\`.`;

const ENDING = `## Classes

Every error that this package throws is a \`TransportError\` or of a class derived from it. \`UsageError\`, \`LimitError\`, \`OverloadedError\`,
\`EnvironmentError\`, \`DialError\`, \`HandshakeError\`, \`VersionError\` and \`ConnectionLostError\` have no further properties. \`instanceof\` also works if two
copies of the package are loaded. The classes in this table have further properties:

${table(
  ['class', 'further properties'],
  [
    [
      '`RemoteError`',
      '`remoteType`, `reason`, `status` and `metadata` of the exception with which the node answered; `cause` is its cause, again a `RemoteError`; `remote` is the whole chain with stacks and headers',
    ],
    ['`DeadlineError`', '`phase`: what the client was waiting for (`dial`, `handshake`, `answer`)'],
    ['`CancelledError`', "`cause`: the reason of the caller's signal"],
    ['`FrameError`', '`offset`: bytes since the connection was opened, up to the invalid frame; the channel is closed'],
    ['`DecodeError`', '`path` and `offset` of the field that cannot be read; only this call fails'],
    ['`StatusError`', 'not a `TransportError`: handlers throw it; its `status`, `type` and `reason` are sent to the caller unchanged'],
  ],
)}

## Exit codes of \`ostp\`

${table(
  ['exit code', 'meaning'],
  [
    ['0', 'success; also a server (`serve`, `node`, `demo`) that was stopped by Ctrl-C or SIGTERM'],
    [
      '1',
      'the call failed or timed out; its connection was lost, also because of an invalid frame; its answer (or the input of `decode`) could not be decoded',
    ],
    ['2', 'wrong arguments or options'],
    [
      '3',
      'no usable connection: the node is unreachable, or TLS, the handshake or the version failed; also an answer whose compressed body is invalid',
    ],
    ['4', 'an error of this machine: a port in use, missing Java, an unreadable file'],
    ['130', 'a command other than `serve`, `node` and `demo` was interrupted by Ctrl-C (SIGINT)'],
    ['143', 'a command other than `serve`, `node` and `demo` was ended by SIGTERM'],
  ],
)}`;
