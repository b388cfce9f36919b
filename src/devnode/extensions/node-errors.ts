import { registeredClass } from '../../protocol/codec/exception/registered.ts';
import { toRemoteCause } from '../../protocol/codec/exception/remote-cause.ts';
import { type ExceptionParts, newException, wrapper } from '../../protocol/codec/exception/wrapper.ts';
import { RemoteError } from '../../protocol/error/remote-error.ts';
import { withoutStack } from '../../protocol/error/without-stack.ts';

// Errors of a node: the exception that OpenSearch throws, which an extension reads as one of Java and REST shows with its type.

/** Returns an error that is an exception of Java. @param name its class, such as `java.lang.IllegalStateException` */
export function javaError(name: string, message: string, parts: ExceptionParts = {}): RemoteError {
  const id = registeredClass(name)?.id ?? null;
  return withoutStack(() => new RemoteError(toRemoteCause(newException(name, id, { ...parts, message }))));
}

/** An argument that the node refuses: status 400. */
export function illegalArgument(message: string): RemoteError {
  return javaError('java.lang.IllegalArgumentException', message);
}

/** A request that the node cannot serve as it is: status 500. */
export function illegalState(message: string): RemoteError {
  return javaError('java.lang.IllegalStateException', message);
}

/** An exception without a class of its own: status 500. */
export function openSearchException(message: string): RemoteError {
  return javaError('org.opensearch.OpenSearchException', message);
}

/** An exception whose class is known by the type that REST shows only. Status 500. */
export function namedError(type: string, message: string): RemoteError {
  return withoutStack(() => new RemoteError(toRemoteCause(wrapper(type, 500, { message }))));
}

/** An extension that did not answer another one's call in time. */
export function timedOut(): RemoteError {
  return namedError('runtime_exception', 'java.util.concurrent.TimeoutException');
}

const NO_NODE = { address: null, action: null, node: null };

/** A request to an extension whose connection has ended before. @param label `[name][address]` */
export function notConnected(label: string): RemoteError {
  return javaError('org.opensearch.transport.NodeNotConnectedException', `${label} Node not connected`, { extra: NO_NODE });
}

/** A request whose connection ended before its answer. @param label `[name][address]` */
export function disconnected(label: string, action: string): RemoteError {
  return javaError('org.opensearch.transport.NodeDisconnectedException', `${label}[${action}] disconnected`, { extra: NO_NODE });
}

/** An answer that cannot be read: status 500. @param label `[name][address]` */
export function unreadableAnswer(label: string, cause: unknown): RemoteError {
  const message = `Failed to deserialize response from handler [${label}]`;
  const reason = newException('java.lang.IllegalStateException', null, { message: cause instanceof Error ? cause.message : String(cause) });
  return javaError('org.opensearch.transport.TransportSerializationException', message, { cause: reason });
}

/** An action that no extension has. */
export function actionNotFound(action: string): RemoteError {
  const name = 'org.opensearch.transport.ActionNotFoundTransportException';
  return javaError(name, `No handler for action [${action}]`, { extra: { action } });
}
