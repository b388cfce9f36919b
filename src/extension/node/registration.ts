import { DeadlineError } from '../../protocol/error/transport-error.ts';
import type { HostNode } from './host-node.ts';
import { limited } from './limited.ts';

/** Milliseconds for all steps of one registration. */
const REGISTRATION_MS = 30_000;

/**
 * One part of what a node must know of the extension: its routes, its settings, its transport actions. Resolves when the node has acknowledged it.
 *
 * @param signal fires when the connection of the node ends, and when the time for the registration is over
 */
export type RegistrationStep = (host: HostNode, signal: AbortSignal) => Promise<void>;

/** Registers an extension with the nodes that initialise it, step by step, on the connection that each of them initialised it by. */
export class Registration {
  readonly #steps: RegistrationStep[] = [];

  /** Adds a step behind all others. */
  add(step: RegistrationStep): void {
    this.#steps.push(step);
  }

  /**
   * Runs every step, each after the one before was acknowledged. To be called once for each connection and unique id: nodes take most registrations once.
   *
   * @throws what the first step that failed threw; the steps after it have not run
   * @throws ERR_DEADLINE if the node does not acknowledge all of them in time
   */
  run(host: HostNode): Promise<void> {
    const run = async (signal: AbortSignal): Promise<void> => {
      for (const step of this.#steps) {
        await step(host, signal);
        signal.throwIfAborted();
      }
    };
    return limited(run, { signals: [host.channel.ended], timeoutMs: REGISTRATION_MS, late: tooLate });
  }
}

function tooLate(): DeadlineError {
  return new DeadlineError(
    'answer',
    { delivery: 'maybe-sent' },
    `the node did not acknowledge the registration within ${REGISTRATION_MS} ms`,
  );
}
