import { setTimeout as sleep } from 'node:timers/promises';
import { allowedCores } from './pin.ts';
import { cpuOfOthers, grown, machineTicks } from './proc.ts';

/** The machine is quiet when less than this share of it is busy. */
const QUIET_SHARE = 0.1;
const LOOK_MS = 150;

/** Waits for a quiet machine within a limited time: a noisy machine must not make a run endless. */
export class QuietGate {
  readonly #patienceMs: number;
  #leftMs: number;

  /**
   * @param patienceMs longest wait at a time
   * @param totalMs longest wait of a run, repeated samples included; 0 switches the gate off
   */
  constructor(patienceMs: number, totalMs: number) {
    this.#patienceMs = patienceMs;
    this.#leftMs = totalMs;
  }

  /** True while there is time left to wait or to repeat. */
  get open(): boolean {
    return this.#leftMs > 0;
  }

  /** Charges time that went into a sample that has to be repeated. */
  spend(ms: number): void {
    this.#leftMs -= ms;
  }

  /** Waits until the machine is quiet. @returns false if it did not become quiet in time; true where the system does not tell */
  async quiet(): Promise<boolean> {
    if (!this.open) return false;
    const began = performance.now();
    for (let looks = 0; performance.now() - began < this.#patienceMs; looks++) {
      if (await quietNow()) {
        if (looks > 0) this.spend(performance.now() - began);
        return true;
      }
    }
    this.spend(performance.now() - began);
    return false;
  }
}

async function quietNow(): Promise<boolean> {
  const before = machineTicks();
  await sleep(LOOK_MS);
  const after = machineTicks();
  if (before === null || after === null) return true;
  const busy = after[0] - before[0];
  return busy / (busy + after[1] - before[1]) < QUIET_SHARE;
}

/** Watches how much of the machine processes other than ours use. */
export function watchOthers(ours: readonly number[]): () => number | null {
  const set = new Set(ours);
  const began = performance.now();
  const before = cpuOfOthers(set);
  return () => {
    const after = cpuOfOthers(set);
    if (before === null || after === null) return null;
    return grown(before, after) / ((performance.now() - began) * 1000 * allowedCores().length);
  };
}
