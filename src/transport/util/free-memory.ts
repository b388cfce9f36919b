import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** A port that nobody listens to: what is transferred to it is gone at once. */
let nowhere: MessagePort | null = null;

/**
 * Frees the memory of bytes now. The engine would only do so at one of its next collections, and lets up to 64 MiB wait for that.
 *
 * @param bytes @memory given: all views of the same memory are empty afterwards
 */
export function freeMemory(bytes: Buffer): void {
  if (nowhere === null) {
    const { port1, port2 } = new MessageChannel();
    port2.close();
    nowhere = port1;
  }
  if (bytes.buffer instanceof ArrayBuffer) nowhere.postMessage(null, [bytes.buffer]);
}
