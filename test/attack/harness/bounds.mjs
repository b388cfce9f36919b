// What every attack is judged by. The quick form tells whether a defence is there, not how good it is: it is short, and runs on busy machines.

const MIB = 1024 * 1024;

/** Bytes that the attacker sends per second at most. */
export const BYTES_PER_SECOND = MIB;

/** The bounds and phases of a full run. Times are in milliseconds. */
export const FULL = {
  /** Before the neighbour is measured alone. */
  settleMs: 500,
  aloneMs: 2_000,
  attackMs: 8_000,
  afterMs: 2_500,
  /** An attacked process that says nothing for so long is ended. */
  silenceMs: 12_000,
  /** Growth of the resident memory of the attacked process, in MiB. */
  growthMib: 256,
  /** Longest stop of its event loop. */
  stopMs: 100,
  /** How many times its p99 alone the p99 of an honest neighbour may reach; a p99 below the floor is well whatever it is alone. */
  p99Ratio: 3,
  p99FloorMs: 5,
  p99Ms: 50,
  /** Share of the neighbour's calls, and of its new connections, that may fail. */
  failedShare: 0.01,
  /** Time from the end of the attack until the neighbour's calls are as they were. */
  recoveryMs: 1_000,
};

/** The bounds and phases of the quick form. */
export const QUICK = {
  ...FULL,
  settleMs: 100,
  aloneMs: 300,
  attackMs: 1_100,
  afterMs: 400,
  silenceMs: 5_000,
  growthMib: 320,
  stopMs: 300,
  p99Ratio: 10,
  p99FloorMs: 100,
  p99Ms: 250,
  failedShare: 0.05,
};

/** Growth at which the attacked process is ended: an attack that succeeds must not take the machine with it. */
export const KILLED_MIB = 1_200;

/** Returns what an attack achieved beyond the bounds, in words; nothing when the attacked side holds. */
export function complaintsOf(result, bounds) {
  const { ended, growthMib, stopMs, calls, fresh, aloneP99Ms, p99Ms, recoveryMs } = result;
  if (ended !== null) return [ended];
  const complaints = [];
  if (growthMib > bounds.growthMib) complaints.push(`memory grew by ${Math.round(growthMib)} MiB`);
  if (stopMs > bounds.stopMs) complaints.push(`the event loop stopped for ${Math.round(stopMs)} ms`);
  if (calls.failed > calls.made * bounds.failedShare) complaints.push(`${calls.failed} of ${calls.made} calls failed`);
  if (fresh.failed > Math.max(fresh.made * bounds.failedShare, 1))
    complaints.push(`${fresh.failed} of ${fresh.made} new connections failed`);
  const most = Math.min(Math.max(bounds.p99Ratio * aloneP99Ms, bounds.p99FloorMs), bounds.p99Ms);
  if (p99Ms > most) complaints.push(`p99 ${p99Ms === Infinity ? 'beyond measure' : `${p99Ms.toFixed(1)} ms`}`);
  if (recoveryMs > bounds.recoveryMs) complaints.push(`recovery took ${Math.round(recoveryMs)} ms`);
  return complaints;
}

/** The 99th percentile of how long calls took; a call that failed took for ever. */
export function p99Of(samples) {
  const times = samples.map(({ ok, ms }) => (ok ? ms : Infinity)).sort((a, b) => a - b);
  return times.length === 0 ? 0 : times[Math.ceil(times.length * 0.99) - 1];
}
