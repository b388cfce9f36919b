import type { TransportError } from '../../protocol/error/transport-error.ts';
import type { VariableHeader } from '../../protocol/frame/native/variable-header.ts';
import type { ResponseHeadersListener } from '../call/call.ts';
import { tell } from '../util/listeners.ts';
import type { CallWatcher, PendingCall } from './in-flight.ts';

/** Watches a call whose caller asks for the response headers. */
export class HeadersWatcher implements CallWatcher {
  readonly #watcher: CallWatcher;
  readonly #listener: ResponseHeadersListener;

  constructor(watcher: CallWatcher, listener: ResponseHeadersListener) {
    this.#watcher = watcher;
    this.#listener = listener;
  }

  onResponseHeaders(variable: VariableHeader): void {
    tell('onResponseHeaders', this.#listener, variable.responseHeaders);
  }

  onSettled(call: PendingCall, durationMs: number, error: TransportError | null): void {
    this.#watcher.onSettled(call, durationMs, error);
  }
}
