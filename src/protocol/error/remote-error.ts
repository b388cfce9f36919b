import { type ErrorDetails, TransportError } from './transport-error.ts';
import { withoutStack } from './without-stack.ts';

/** One frame of a remote stack trace. */
export interface RemoteStackFrame {
  readonly class: string;
  readonly file: string | null;
  readonly method: string;
  /** Line number; −2 for a native method, −1 if unknown. */
  readonly line: number;
}

/** One exception as the peer sent it; the content of a {@link RemoteError}. */
export interface RemoteCause {
  /** Class of the exception, for example `org.opensearch.index.IndexNotFoundException`. */
  readonly class: string;
  readonly message: string | null;
  readonly cause: RemoteCause | null;
  readonly stack: readonly RemoteStackFrame[];
  readonly suppressed: readonly RemoteCause[];
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly metadata: Readonly<Record<string, readonly string[]>>;
  /** HTTP status with which the node's REST layer answers this exception. */
  readonly status: number;
  /** Type as the REST layer prints it, for example `index_not_found_exception`. */
  readonly type: string;
}

/**
 * An exception with which the peer answered. `remoteType`, `reason` and `status` are those of the first cause that is not a mere transport wrapper,
 * and `cause` is what caused that one, again a RemoteError. `remote` is the whole chain as the peer sent it.
 */
export class RemoteError extends TransportError {
  /** Type as OpenSearch's REST layer prints it, for example `index_not_found_exception`. */
  readonly remoteType: string;
  /** The remote message. */
  readonly reason: string;
  /** HTTP status with which the REST layer answers it. */
  readonly status: number;
  /** Metadata of the unwrapped exception, for example `opensearch.index`. */
  readonly metadata: Readonly<Record<string, readonly string[]>>;
  /** The whole chain as the peer sent it. */
  declare readonly remote: RemoteCause;

  constructor(remote: RemoteCause, details: ErrorDetails = {}) {
    const root = unwrapRemote(remote);
    const reason = root.message ?? '';
    const code = root.type === 'action_not_found_transport_exception' ? 'ERR_UNKNOWN_ACTION' : 'ERR_REMOTE';
    super(code, { delivery: 'answered', ...causeOf(root), ...details }, reason === '' ? root.type : `${root.type}: ${reason}`);
    this.remoteType = root.type;
    this.reason = reason;
    this.status = root.status;
    this.metadata = root.metadata;
    // Not enumerable: an uncaught error would print every remote stack.
    Object.defineProperty(this, 'remote', { value: remote, enumerable: false });
  }
}

/** Returns the cause of a remote exception as an error. */
function causeOf({ cause }: RemoteCause): ErrorDetails {
  return cause === null ? {} : { cause: withoutStack(() => new RemoteError(cause)) };
}

/** Returns the first cause that is not a `RemoteTransportException`, which is also what callers inside the node see. */
export function unwrapRemote(remote: RemoteCause): RemoteCause {
  let cause = remote;
  while (cause.type === 'remote_transport_exception' && cause.cause !== null) cause = cause.cause;
  return cause;
}
