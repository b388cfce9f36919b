/** What an error affects: the call, its channel, every channel to the node, or the whole client. */
export type ErrorScope = 'call' | 'channel' | 'node' | 'client';

/** The cause of an error: the caller, a resource limit, the network, a peer that broke the protocol, or the remote application. */
export type ErrorFault = 'usage' | 'resource' | 'network' | 'protocol' | 'application';

/** How far the request got: not written, possibly written, or answered by the peer. */
export type Delivery = 'not-sent' | 'maybe-sent' | 'answered';

/** What an error code says by itself. */
export interface CodeFacts {
  readonly scope: ErrorScope;
  readonly fault: ErrorFault;
  /** Usual delivery; an error may know better. */
  readonly delivery: Delivery;
  /** Exit code of the command line. */
  readonly exit: 1 | 2 | 3 | 4;
  /** What has happened, for a reader on call. */
  readonly meaning: string;
  /** What to do. */
  readonly remedy: string;
}

const usage = { scope: 'call', fault: 'usage', delivery: 'not-sent', exit: 2 } as const;
const unreachable = { scope: 'channel', fault: 'protocol', delivery: 'not-sent', exit: 3 } as const;
const brokenFrame = { scope: 'channel', fault: 'protocol', delivery: 'maybe-sent', exit: 3 } as const;
const unreadable = { scope: 'call', fault: 'protocol', delivery: 'answered', exit: 1 } as const;
const CAPTURE = 'Capture the traffic and decode it with `ostp decode`; report it with the versions of both ends.';

/** A stable error code of this package. */
export type ErrorCode =
  | 'ERR_USAGE'
  | 'ERR_CONFIG'
  | 'ERR_BAD_ENDPOINT'
  | 'ERR_DUPLICATE_ACTION'
  | 'ERR_LIMIT'
  | 'ERR_MESSAGE_TOO_LARGE'
  | 'ERR_OVERLOADED'
  | 'ERR_CANCELLED'
  | 'ERR_DEADLINE'
  | 'ERR_CLOSED'
  | 'ERR_DIAL'
  | 'ERR_ADDRESS_IN_USE'
  | 'ERR_ENVIRONMENT'
  | 'ERR_TLS'
  | 'ERR_CERT_UNTRUSTED'
  | 'ERR_HANDSHAKE'
  | 'ERR_CLUSTER_MISMATCH'
  | 'ERR_VERSION'
  | 'ERR_CONNECTION_LOST'
  | 'ERR_BAD_MARKER'
  | 'ERR_BAD_LENGTH'
  | 'ERR_FRAME_TOO_LARGE'
  | 'ERR_HEADER_SIZE'
  | 'ERR_COMPRESSION'
  | 'ERR_DECODE'
  | 'ERR_PAYLOAD_LIMIT'
  | 'ERR_BAD_REQUEST'
  | 'ERR_REMOTE'
  | 'ERR_UNKNOWN_ACTION';

/** The facts of every error code. `docs/errors.md` is generated from this table. */
export const ERROR_CODES: Readonly<Record<ErrorCode, CodeFacts>> = {
  ERR_USAGE: { ...usage, meaning: 'An argument of the call is wrong.', remedy: 'Correct the argument that the message names.' },
  ERR_CONFIG: {
    ...usage,
    meaning: 'An option is unknown, or its value cannot be used.',
    remedy: 'Correct the option that the message names.',
  },
  ERR_BAD_ENDPOINT: {
    ...usage,
    meaning: 'The address of a node cannot be parsed.',
    remedy: 'Write it as `host:port` or `[ipv6]:port`, without a scheme such as `http://`.',
  },
  ERR_DUPLICATE_ACTION: {
    ...usage,
    meaning: 'The action has a handler already.',
    remedy: 'Register one handler for each action of a server or client.',
  },
  ERR_LIMIT: {
    ...usage,
    meaning: 'The input of a tool is longer than it accepts.',
    remedy: 'Pass less input; the message names the limit.',
  },
  ERR_MESSAGE_TOO_LARGE: {
    ...usage,
    meaning: 'The request is larger than one message may be.',
    remedy: 'Split the request, or raise `limits.maxFrameBytes` on both ends.',
  },
  ERR_OVERLOADED: {
    scope: 'call',
    fault: 'resource',
    delivery: 'not-sent',
    exit: 1,
    meaning: 'A limit on calls in flight, buffered bytes or connections was reached.',
    remedy:
      'Wait until calls in flight settle, then repeat. If the load is normal, raise the limit that the message names (`maxInFlight`, `maxBufferedBytes`, `maxInFlightBytes`, `maxConnections`).',
  },
  ERR_CANCELLED: {
    scope: 'call',
    fault: 'usage',
    delivery: 'maybe-sent',
    exit: 1,
    meaning: 'The `signal` of the call fired; `cause` is its reason. The node is not told and may carry the request out.',
    remedy: 'Nothing, if the program cancelled on purpose. Look at `delivery` before you repeat the call.',
  },
  ERR_DEADLINE: {
    scope: 'call',
    fault: 'network',
    delivery: 'maybe-sent',
    exit: 1,
    meaning: 'The time for the call or for connecting was over; `phase` says where it went (`dial`, `handshake`, `answer`).',
    remedy:
      '`dial`: check address and firewall. `handshake`: check that the port is a transport port (9300), not HTTP (9200). `answer`: find out why the node is slow, or raise `timeoutMs`.',
  },
  ERR_CLOSED: {
    scope: 'client',
    fault: 'usage',
    delivery: 'not-sent',
    exit: 2,
    meaning: 'The client or server was closed before the call.',
    remedy: 'Make calls before `close()`, or create a new client.',
  },
  ERR_DIAL: {
    scope: 'node',
    fault: 'network',
    delivery: 'not-sent',
    exit: 3,
    meaning: 'A node cannot be reached: it refuses connections, or the name or the network is wrong.',
    remedy:
      'Check that the node runs and that the address is its transport port (9300), not its HTTP port (9200). Repeating is safe; the client keeps redialling.',
  },
  ERR_ADDRESS_IN_USE: {
    scope: 'node',
    fault: 'network',
    delivery: 'not-sent',
    exit: 4,
    meaning: 'Another process listens on the port.',
    remedy: 'Stop that process, choose another port, or use port 0 for any free one.',
  },
  ERR_ENVIRONMENT: {
    scope: 'client',
    fault: 'resource',
    delivery: 'not-sent',
    exit: 4,
    meaning: 'This machine lacks something: a JDK, Maven, open files.',
    remedy: 'Install or raise what the message names, or set `JAVA_HOME`.',
  },
  ERR_TLS: {
    scope: 'channel',
    fault: 'network',
    delivery: 'not-sent',
    exit: 3,
    meaning: 'The TLS handshake failed: one end speaks TLS and the other does not, or they share no version or cipher suite.',
    remedy: 'Use TLS on both ends or on neither; compare `minVersion` and `ciphers`.',
  },
  ERR_CERT_UNTRUSTED: {
    ...unreachable,
    meaning: 'A certificate was refused; the message says whose and why (issuer, name, date).',
    remedy:
      'Server certificate: pass the authority that signed it as `ca`, and dial a name that it carries. Client certificate: pass `cert` and `key` of an authority that the server trusts.',
  },
  ERR_HANDSHAKE: {
    ...unreachable,
    meaning: 'The peer accepted the connection but did not complete the handshake of the transport protocol.',
    remedy: 'Check that the port is the transport port of a node, and whether the node expects TLS. Its log has the reason.',
  },
  ERR_CLUSTER_MISMATCH: {
    ...unreachable,
    meaning: 'The node belongs to another cluster than `clusterName` says.',
    remedy: 'Connect to a node of the expected cluster, or correct the option.',
  },
  ERR_VERSION: {
    ...unreachable,
    meaning: 'The versions of the two ends are not compatible.',
    remedy: 'Use a node from 2.11 to 3.x, or widen `acceptVersions`.',
  },
  ERR_CONNECTION_LOST: {
    scope: 'channel',
    fault: 'network',
    delivery: 'maybe-sent',
    exit: 1,
    meaning: 'The connection ended while the call was in flight: the node was stopped, or the network failed.',
    remedy:
      'If `delivery` is `not-sent`, repeat the call. If it is `maybe-sent`, the node may have carried it out: repeat it only if the action is idempotent.',
  },
  ERR_BAD_MARKER: {
    ...brokenFrame,
    meaning: 'The peer sent bytes that are not the transport protocol.',
    remedy: 'Check that the port is a transport port, and that both ends agree on TLS.',
  },
  ERR_BAD_LENGTH: {
    ...brokenFrame,
    meaning: 'The peer sent a frame with an impossible length. The connection is closed.',
    remedy: CAPTURE,
  },
  ERR_FRAME_TOO_LARGE: {
    ...brokenFrame,
    meaning: 'The peer sent a frame above `limits.maxFrameBytes`. The connection is closed.',
    remedy: 'Raise the limit if messages of this size are expected.',
  },
  ERR_HEADER_SIZE: {
    ...brokenFrame,
    meaning: 'The peer sent a frame whose header does not fit it, or is above `limits.maxHeaderBytes`. The connection is closed.',
    remedy: CAPTURE,
  },
  ERR_COMPRESSION: { ...brokenFrame, meaning: 'The peer sent a compressed body that cannot be inflated.', remedy: CAPTURE },
  ERR_DECODE: {
    ...unreadable,
    meaning:
      'The answer came, but its fields are not laid out as this package expects; `path` and `offset` say where. The node has carried out the request.',
    remedy: 'Compare the versions of both ends with the action. Do not repeat the call: it would fail again.',
  },
  ERR_PAYLOAD_LIMIT: {
    ...unreadable,
    meaning: 'A compressed body inflates beyond `limits.maxInflatedBytes`.',
    remedy: 'Ask for less, or raise the limit.',
  },
  ERR_BAD_REQUEST: {
    ...unreadable,
    meaning: 'A server could not read the body of a request; its caller is answered with this error.',
    remedy: 'Compare the versions of both ends with the action.',
  },
  ERR_REMOTE: {
    scope: 'call',
    fault: 'application',
    delivery: 'answered',
    exit: 1,
    meaning: 'The node answered with an exception.',
    remedy:
      'Read `remoteType`, `reason` and `status`, and the chain of `cause`. Status 429 and 503 may be repeated later; 4xx must be corrected.',
  },
  ERR_UNKNOWN_ACTION: {
    scope: 'call',
    fault: 'application',
    delivery: 'answered',
    exit: 1,
    meaning: 'The node has no handler for the action.',
    remedy: 'Check the name of the action, the release of the node, and that the plug-in that provides it is installed.',
  },
};
