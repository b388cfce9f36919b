import { EventEmitter, once } from 'node:events';
import { expect } from 'vitest';
import { type Extension, extension } from '../../src/extension/extension.ts';
import type { ExtensionEvent, ExtensionOptions } from '../../src/extension/extension-options.ts';
import type { Http } from './interop-http.ts';

/** An extension in this process and what it was told. */
export class WatchedExtension implements AsyncDisposable {
  readonly ext: Extension;
  readonly events: ExtensionEvent[] = [];
  readonly #told = new EventEmitter();
  #port = 0;

  constructor(options: Partial<ExtensionOptions> = {}) {
    this.ext = extension({
      port: 0,
      ...options,
      onEvent: (event) => {
        this.events.push(event);
        this.#told.emit('event');
      },
    });
  }

  /** The port it listens on. */
  get port(): number {
    return this.#port;
  }

  async listen(): Promise<void> {
    this.#port = (await this.ext.listen()).port;
  }

  /** Asks a node for the extension, as its user does, and waits until the node serves the routes or has refused them. */
  async initialise(http: Http, uniqueId: string): Promise<ExtensionEvent> {
    const mine = (event: ExtensionEvent) =>
      (event.type === 'registered' || event.type === 'rejected') && event.node.uniqueId === uniqueId && event;
    const before = this.events.length;
    const answer = await http.sendJson('POST /_extensions/initialize', {
      name: `name of ${uniqueId}`,
      uniqueId,
      hostAddress: '127.0.0.1',
      port: String(this.#port),
      version: '1.0',
      opensearchVersion: '2.19.0',
      minimumCompatibleVersion: '2.19.0',
    });
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 202,
      text: '{"success":"A request to initialize an extension has been sent."}',
    });
    const signal = AbortSignal.timeout(20_000);
    for (;;) {
      const found = this.events.slice(before).find(mine);
      if (found !== undefined) return found;
      await once(this.#told, 'event', { signal });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.ext.close({ drainMs: 0 });
  }
}
