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
  readonly delivery: Delivery;
  /** Exit code of the command line. */
  readonly exit: 1 | 2 | 3 | 4;
  readonly remedy: string;
}

const facts = (scope: ErrorScope, fault: ErrorFault, delivery: Delivery, exit: CodeFacts['exit'], remedy: string): CodeFacts => ({
  scope,
  fault,
  delivery,
  exit,
  remedy,
});

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

/**
 * Every error code of the package, with its usual scope, fault and delivery, the exit code of the command line and the remedy.
 * `docs/errors.md` is generated from this table.
 */
export const ERROR_CODES: Readonly<Record<ErrorCode, CodeFacts>> = {
  ERR_USAGE: facts('call', 'usage', 'not-sent', 2, 'Correct the argument that the message names.'),
  ERR_CONFIG: facts('call', 'usage', 'not-sent', 2, 'Correct the option that the message names.'),
  ERR_BAD_ENDPOINT: facts('call', 'usage', 'not-sent', 2, 'Write endpoints as host:port or [ipv6]:port, port 0 to 65535.'),
  ERR_DUPLICATE_ACTION: facts('call', 'usage', 'not-sent', 2, 'Register each action name once per server.'),
  ERR_LIMIT: facts('call', 'usage', 'not-sent', 2, 'Send less, or raise the limit that the message names on both ends.'),
  ERR_MESSAGE_TOO_LARGE: facts('call', 'usage', 'not-sent', 2, 'Split the request, or raise maxFrameBytes on both ends.'),
  ERR_OVERLOADED: facts('call', 'resource', 'not-sent', 1, 'Wait for calls in flight to settle, or raise maxInFlight.'),
  ERR_CANCELLED: facts('call', 'usage', 'maybe-sent', 1, 'The signal of the call fired. Look at `delivery` before repeating the call.'),
  ERR_DEADLINE: facts(
    'call',
    'network',
    'maybe-sent',
    1,
    'Raise timeoutMs, or find out why the node is slow; `phase` says what the call was waiting for.',
  ),
  ERR_CLOSED: facts('client', 'usage', 'not-sent', 2, 'Make the call before close(), or create a new client.'),
  ERR_DIAL: facts(
    'node',
    'network',
    'not-sent',
    3,
    'Check that the node runs and that the address is its transport port (9300), not its HTTP port (9200).',
  ),
  ERR_ADDRESS_IN_USE: facts('node', 'network', 'not-sent', 4, 'Stop the process that holds the port, choose another, or use port 0.'),
  ERR_ENVIRONMENT: facts(
    'client',
    'resource',
    'not-sent',
    4,
    'Install the program that the message names (a JDK, Maven), or set JAVA_HOME.',
  ),
  ERR_TLS: facts('channel', 'network', 'not-sent', 3, 'Use TLS on both ends or on neither.'),
  ERR_CERT_UNTRUSTED: facts(
    'channel',
    'protocol',
    'not-sent',
    3,
    'Pass the CA that signed the certificate of the peer, and a name that the certificate contains.',
  ),
  ERR_HANDSHAKE: facts('channel', 'protocol', 'not-sent', 3, 'Make sure the peer is an OpenSearch transport port and accepts connections.'),
  ERR_CLUSTER_MISMATCH: facts(
    'channel',
    'protocol',
    'not-sent',
    3,
    'Connect to a node of the expected cluster, or remove the option clusterName.',
  ),
  ERR_VERSION: facts('channel', 'protocol', 'not-sent', 3, 'Use a peer between 2.11 and 3.x, or allow the version explicitly.'),
  ERR_CONNECTION_LOST: facts(
    'channel',
    'network',
    'maybe-sent',
    1,
    'Repeat the call if `delivery` is not-sent or the action is idempotent.',
  ),
  ERR_BAD_MARKER: facts('channel', 'protocol', 'maybe-sent', 3, 'The peer does not speak the transport protocol; use its transport port.'),
  ERR_BAD_LENGTH: facts(
    'channel',
    'protocol',
    'maybe-sent',
    3,
    'The peer sent a broken frame; capture the traffic and decode it with `ostp decode`.',
  ),
  ERR_FRAME_TOO_LARGE: facts('channel', 'protocol', 'maybe-sent', 3, 'Raise maxFrameBytes if the message is legitimate.'),
  ERR_HEADER_SIZE: facts(
    'channel',
    'protocol',
    'maybe-sent',
    3,
    'The peer sent a broken frame; capture the traffic and decode it with `ostp decode`.',
  ),
  ERR_COMPRESSION: facts(
    'channel',
    'protocol',
    'maybe-sent',
    3,
    'The peer sent a body that does not inflate; capture the traffic and decode it with `ostp decode`.',
  ),
  ERR_DECODE: facts(
    'call',
    'protocol',
    'answered',
    1,
    'The two ends use different layouts; `path` and `offset` name the field. Check the versions of both.',
  ),
  ERR_PAYLOAD_LIMIT: facts('call', 'protocol', 'answered', 1, 'Raise maxInflatedBytes if the message is legitimate.'),
  ERR_BAD_REQUEST: facts('call', 'protocol', 'answered', 1, 'The peer could not read the request; check its version.'),
  ERR_REMOTE: facts('call', 'application', 'answered', 1, 'Read `remoteType` and `reason`; the node refused or failed the request.'),
  ERR_UNKNOWN_ACTION: facts(
    'call',
    'application',
    'answered',
    1,
    'Check the spelling of the action, and that the node (or its plug-in) provides it.',
  ),
};
