/** Signals that end a command. */
export type StopSignal = 'SIGINT' | 'SIGTERM';

/** Reason of an abort: the process was asked to stop. */
export class Interruption extends Error {
  readonly signal: StopSignal;

  constructor(signal: StopSignal) {
    super(`stopped by ${signal}`);
    this.signal = signal;
  }
}
