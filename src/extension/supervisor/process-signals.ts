/** Signals that end a program. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Milliseconds for requests in flight once a signal came. */
const DRAIN_MS = 2_000;

/** What ends with the process. */
export interface Endable {
  close(options: { readonly drainMs: number }): Promise<void>;
  abort(): void;
}

/**
 * Closes something when a signal ends this process, and then lets the signal do so. A second signal does not wait.
 *
 * @returns forgets about it
 */
export function endOnSignals(endable: Endable): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    const again = (): void => {
      forget();
      endable.abort();
      process.kill(process.pid, signal);
    };
    for (const name of SIGNALS) process.off(name, onSignal).once(name, again);
    const over = (): void => {
      for (const name of SIGNALS) process.off(name, again);
      process.kill(process.pid, signal);
    };
    endable.close({ drainMs: DRAIN_MS }).then(over, over);
  };
  const onExit = (): void => endable.abort();
  const forget = (): void => {
    for (const name of SIGNALS) process.off(name, onSignal);
    process.off('exit', onExit);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  process.on('exit', onExit);
  return forget;
}
