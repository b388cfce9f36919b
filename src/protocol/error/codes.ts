/** What an error affects: one call, a channel with all its calls, the node, or the whole client or server. */
export type ErrorScope = 'call' | 'channel' | 'node' | 'client';

/** The cause of an error: the caller, a limit or lack on this machine, the network, a peer or its configuration, or the remote application. */
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
const CAPTURE = 'Capture the traffic, decode it with `ostp decode`, and report the bug with the versions of both ends.';

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
  | 'ERR_NO_NODE'
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
    remedy: 'Call `handle()` once per action.',
  },
  ERR_LIMIT: {
    ...usage,
    meaning: 'The input of `ostp`, or of a function of `opensearch-transport/inspect`, is longer than it accepts.',
    remedy: 'Pass less input; the message names the limit.',
  },
  ERR_MESSAGE_TOO_LARGE: {
    ...usage,
    meaning: 'The request is larger than one message may be.',
    remedy:
      'Split the request, or raise `limits.maxFrameBytes`. The receiver has a limit, too: `limits.maxFrameBytes` in a server of this package, 30 % of the heap in an OpenSearch node.',
  },
  ERR_OVERLOADED: {
    scope: 'call',
    fault: 'resource',
    delivery: 'not-sent',
    exit: 1,
    meaning:
      'A limit of this process on calls in flight, buffered bytes or connections was reached, or another stream is being sent on the channel. If the limit of the remote server was reached, the error is `ERR_REMOTE` with status 429.',
    remedy:
      'Wait until calls in flight settle, then repeat. If the load is normal, raise the limit that the message names (`maxInFlight`, `maxBufferedBytes`, `maxInFlightBytes`, `maxInFlightShare`, `maxConnections`, `maxConnectionsPerHost`). For streams that are sent at the same time, use a client each.',
  },
  ERR_CANCELLED: {
    scope: 'call',
    fault: 'usage',
    delivery: 'maybe-sent',
    exit: 1,
    meaning:
      'The `signal` of the call was aborted; `cause` is its reason. The node is not told, so it still executes a request that was sent.',
    remedy: 'Nothing, if the program cancelled on purpose. `delivery` says whether the request may have been sent.',
  },
  ERR_DEADLINE: {
    scope: 'call',
    fault: 'network',
    delivery: 'maybe-sent',
    exit: 1,
    meaning:
      'The time for the call or for connecting was over. `phase` says what the client was waiting for: the connection (`dial`), the handshake (`handshake`), or the answer (`answer`). With `dial` and `handshake`, `delivery` is `not-sent`.',
    remedy:
      '`dial`: check the address and the firewall. `handshake`: check that the port is a transport port (usually 9300); a REST port (usually 9200) accepts the connection and never answers. `answer`: find out why the node is slow, or raise `timeoutMs`.',
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
    meaning: 'No TCP connection could be opened: no process listens on the port, or the name, the network or a firewall is wrong.',
    remedy: 'Check that the node runs, and that host and transport port (usually 9300) are right. The client keeps trying to connect.',
  },
  ERR_ADDRESS_IN_USE: {
    scope: 'client',
    fault: 'resource',
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
    meaning: 'This machine lacks something: a JDK, Maven, or file descriptors.',
    remedy: 'Install what the message names, set `JAVA_HOME`, or raise the limit of open files (`ulimit -n`).',
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
      'Server certificate: pass the authority that signed it as `ca`, and connect to a host name that is listed in it. Client certificate: pass a `cert` signed by an authority that the server trusts, with its own `key`.',
  },
  ERR_HANDSHAKE: {
    ...unreachable,
    meaning:
      'The peer accepted the connection, but ended it, or answered with something else, before the handshake of the transport protocol was complete.',
    remedy: 'Check that the port is a transport port (usually 9300), and whether the node expects TLS. The log of the node has the reason.',
  },
  ERR_CLUSTER_MISMATCH: {
    ...unreachable,
    meaning: 'The cluster of the node has another name than the option `clusterName`.',
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
    meaning:
      'The connection ended while the call was in flight: the node was stopped, the network failed, the peer did not read what was sent to it for `stallTimeoutMs`, or it sent an invalid frame (then `cause` is the error of the frame, listed under protocol).',
    remedy: 'Find the reason in `cause` and in the log of the node. The client connects again by itself.',
  },
  ERR_NO_NODE: {
    scope: 'client',
    fault: 'network',
    delivery: 'not-sent',
    exit: 3,
    meaning: 'No node is connected to the extension: none has initialised it yet, or all that did were stopped.',
    remedy:
      'Call `initialize()`, or wait for the event `initialized`. If no node comes: check that the node runs with `opensearch.experimental.feature.extensions.enabled: true`, and that it can reach the host and port of the extension.',
  },
  ERR_BAD_MARKER: {
    ...brokenFrame,
    meaning:
      'The peer sent bytes that are not the transport protocol, for example HTTP or TLS. The connection is closed. During the handshake the error is `ERR_HANDSHAKE`, with this one as its `cause`.',
    remedy: 'Check that both ends use a transport port (usually 9300), and that either both or neither use TLS.',
  },
  ERR_BAD_LENGTH: {
    ...brokenFrame,
    meaning: 'The peer sent a frame with an impossible length. The connection is closed.',
    remedy: CAPTURE,
  },
  ERR_FRAME_TOO_LARGE: {
    ...brokenFrame,
    meaning: 'The peer sent a frame above `limits.maxFrameBytes`. The connection is closed.',
    remedy: 'The message is larger than your limit: raise the limit, or request less.',
  },
  ERR_HEADER_SIZE: {
    ...brokenFrame,
    meaning:
      'The peer sent a frame whose header cannot be read, or is longer than the frame or than `limits.maxHeaderBytes`. The connection is closed.',
    remedy:
      'If the header is longer than `limits.maxHeaderBytes`, raise that limit, or make the peer send fewer headers. Otherwise capture the traffic, decode it with `ostp decode`, and report the bug with the versions of both ends.',
  },
  ERR_COMPRESSION: {
    ...brokenFrame,
    meaning: 'The peer sent a compressed body that is not valid DEFLATE data. The connection is closed.',
    remedy: CAPTURE,
  },
  ERR_DECODE: {
    ...unreadable,
    meaning:
      'The answer came, but its fields are not laid out as the action says; `path` and `offset` say where. The node has executed the request.',
    remedy:
      'Check that both ends have the same definition of the action, and that this package supports the release of the node (2.19 or 3.x).',
  },
  ERR_PAYLOAD_LIMIT: {
    ...unreadable,
    meaning:
      'The answer inflates beyond `limits.maxInflatedBytes` or `maxInflationRatio`, or its values take more memory than `maxDecodedBytes` or a body of its length may take (see limits.md). The node has executed the request. For such a request, a server of this package answers `ERR_REMOTE` with status 429.',
    remedy: 'Request less, or raise the limit that the message names.',
  },
  ERR_BAD_REQUEST: {
    ...unreadable,
    meaning:
      'A server of this package could not read the body of a request. Only the server sees this code: it answers with `illegal_state_exception`, which is `ERR_REMOTE` for the caller.',
    remedy: 'Check that both ends have the same definition of the action.',
  },
  ERR_REMOTE: {
    scope: 'call',
    fault: 'application',
    delivery: 'answered',
    exit: 1,
    meaning: 'The node answered with an exception.',
    remedy:
      'Read `remoteType`, `reason` and `status`, and the chain of `cause`. 429: wait, then repeat. 503: the same if the action is idempotent. Other 4xx: correct the request. Other 5xx: the node failed; its log has the reason.',
  },
  ERR_UNKNOWN_ACTION: {
    scope: 'call',
    fault: 'application',
    delivery: 'answered',
    exit: 1,
    meaning: 'The node has no handler for the action.',
    remedy: 'Check the name of the action and the release of the node, and that the plug-in with this action is installed.',
  },
};
