import { certificateFor } from './certificate.mjs';
import { BYTES_PER_SECOND, complaintsOf, KILLED_MIB, p99Of } from './bounds.mjs';
import { Child, sleep } from './child.mjs';
import { openFiles, residentBytes } from './probes.mjs';

const MIB = 1024 * 1024;
/** Another address of this machine, so that limits per host tell the attacker from its neighbour. Only Linux has all of 127/8. */
const ATTACKER_HOST = process.platform === 'linux' ? '127.0.0.66' : '127.0.0.1';
const MEMORY_EVERY_MS = 20;
const SAMPLE_EVERY_MS = 200;
const FRESHEST_MS = 150;

/** Runs one attack and returns what came of it. */
export async function contest({ name, file, attack, folder, isQuick, bounds }) {
  const victim = { role: 'server', options: {}, isTls: false, ...attack.victim };
  const certificate = victim.isTls ? certificateFor() : null;
  if (victim.isTls && certificate === null) throw Object.assign(new Error('there is no openssl command'), { code: 'NO_OPENSSL' });
  const common = { folder, victim, certificate };
  const children = [];
  const start = (script, argument) => {
    const child = new Child(script, { ...common, ...argument });
    children.push(child);
    return child;
  };
  try {
    const attacker = start('attacker.mjs', { file, isQuick, host: ATTACKER_HOST, bytesPerSecond: BYTES_PER_SECOND });
    const parties = await (victim.role === 'client' ? client(start, attacker) : served(start, attacker));
    await sleep(bounds.settleMs);
    const result = await fight({ ...parties, attacker, bounds, attackMs: attack.attackMs?.(isQuick) ?? bounds.attackMs });
    const complaints = complaintsOf(result, { ...bounds, ...attack.bounds });
    if (result.ended === null) complaints.push(...(attack.judge?.(result) ?? []));
    return { name, what: attack.what, like: attack.like, ...result, output: undefined, samples: undefined, complaints };
  } finally {
    await Promise.all(children.map((child) => child.kill()));
  }
}

async function served(start, attacker) {
  const attacked = start('victim.mjs', {});
  const { port } = await attacked.ready();
  const neighbour = start('neighbour.mjs', { port });
  await Promise.all([neighbour.ready(), attacker.ready()]);
  return { attacked, caller: neighbour, port };
}

async function client(start, attacker) {
  const neighbour = start('neighbour.mjs', {});
  const [{ port: neighbourPort }, { port: hostilePort }] = await Promise.all([neighbour.ready(), attacker.ready()]);
  const attacked = start('victim.mjs', { neighbourPort, hostilePort });
  await attacked.ready();
  return { attacked, caller: attacked, port: 0 };
}

async function fight({ attacked, attacker, caller, port, bounds, attackMs }) {
  const now = () => performance.timeOrigin + performance.now();
  const aloneAt = now();
  await sleep(bounds.aloneMs);
  const watch = new VictimWatch(attacked, bounds.silenceMs);
  await attacked.ask('begin');
  await watch.sample();
  const attackAt = now();
  const asked = attacker.ask('begin', { port, ms: attackMs }).catch((error) => ({ error }));
  watch.begin();
  const sent = await asked;
  if (sent.error) throw sent.error;
  const endAt = now();
  await sleep(bounds.afterMs);
  const afterAt = now();
  await watch.end();
  const samples = await caller.ask('samples', null, bounds.silenceMs).catch(() => []);
  const facts = await attacked.ask('facts', null, bounds.silenceMs).catch(() => ({}));
  const between = (from, to) => samples.filter(({ at }) => at >= from && at < to);
  const steady = (each) => each.filter(({ isFresh }) => !isFresh);
  const alone = steady(between(aloneAt, attackAt));
  const under = between(attackAt, endAt);
  const aloneP99Ms = p99Of(alone);
  const isBad = ({ ok, ms, isFresh }) => !ok || (!isFresh && ms > Math.max(bounds.p99Ms, bounds.p99Ratio * aloneP99Ms));
  // A call that was made a moment ago says nothing yet.
  const after = between(endAt, afterAt - FRESHEST_MS).filter(isBad);
  const recoveryMs = Math.max(0, ...after.map(({ at, ms, isPending }) => (isPending ? afterAt : at + ms) - endAt));
  const p99Ms = p99Of(steady(under));
  return {
    seconds: attackMs / 1000,
    sent: sent.sent,
    filesOpened: watch.filesOpened,
    ended: watch.ended ?? (attacked.ended === null ? null : `the attacked process ended: ${attacked.ended}`),
    cpuMs: watch.cpuMs,
    growthMib: watch.growthMib,
    stopMs: watch.stopMs,
    aloneP99Ms,
    p99Ms: attacked.ended !== null && steady(under).length === 0 ? Infinity : p99Ms,
    calls: countOf(steady(under)),
    fresh: countOf(under.filter(({ isFresh }) => isFresh)),
    recoveryMs,
    facts,
    output: attacked.output,
    samples: under,
    failures: [...new Set(under.filter(({ ok }) => !ok).map(({ error }) => error ?? 'no answer'))].slice(0, 3),
  };
}

function countOf(samples) {
  return { made: samples.length, failed: samples.filter(({ ok }) => !ok).length };
}

/** Watches the attacked process: its memory from outside, its event loop and CPU by asking it. Ends it when it goes too far. */
class VictimWatch {
  /** Why the process was ended; null while it was not. */
  ended = null;
  stopMs = 0;
  #child;
  #silenceMs;
  #baseBytes;
  #mostBytes = 0;
  #baseFiles;
  #mostFiles = 0;
  #cpuMs = { first: null, last: 0 };
  #heardAt = performance.now();
  #timers = [];
  #isEnding = false;

  constructor(child, silenceMs) {
    this.#child = child;
    this.#silenceMs = silenceMs;
    this.#baseBytes = residentBytes(child.pid);
    this.#baseFiles = openFiles(child.pid);
  }

  get growthMib() {
    return Math.max(0, this.#mostBytes - this.#baseBytes) / MIB;
  }

  /** Connections that the attack made the process hold at once; 0 where the system does not tell. */
  get filesOpened() {
    return Math.max(0, this.#mostFiles - this.#baseFiles);
  }

  get cpuMs() {
    return this.#cpuMs.last - (this.#cpuMs.first ?? 0);
  }

  begin() {
    this.#timers.push(
      setInterval(() => this.#look(), MEMORY_EVERY_MS),
      setInterval(() => void this.sample(), SAMPLE_EVERY_MS),
    );
  }

  #look() {
    this.#mostBytes = Math.max(this.#mostBytes, residentBytes(this.#child.pid));
    this.#mostFiles = Math.max(this.#mostFiles, openFiles(this.#child.pid));
    if (this.ended !== null || this.#isEnding) return;
    if (this.growthMib > KILLED_MIB) this.#kill(`memory grew beyond ${KILLED_MIB} MiB`);
    else if (performance.now() - this.#heardAt > this.#silenceMs)
      this.#kill(`the event loop stopped for more than ${this.#silenceMs / 1000} s`);
  }

  #kill(reason) {
    this.#isEnding = true;
    this.stopMs = Math.max(this.stopMs, performance.now() - this.#heardAt);
    this.ended = reason;
    void this.#child.kill();
  }

  /** Asks for CPU and the longest stop. What is not answered any more is known from when the last answer came. */
  async sample() {
    try {
      const { stopMs, cpuMs } = await this.#child.ask('sample', null, this.#silenceMs);
      this.#heardAt = performance.now();
      this.stopMs = Math.max(this.stopMs, stopMs);
      this.#cpuMs.first ??= cpuMs;
      this.#cpuMs.last = cpuMs;
    } catch {
      // It is dead or stands still: the next look tells.
    }
  }

  async end() {
    this.#look();
    const deadline = performance.now() + this.#silenceMs;
    const before = this.#heardAt;
    await this.sample();
    while (this.#heardAt === before && this.ended === null && this.#child.ended === null && performance.now() < deadline)
      await this.sample();
    for (const timer of this.#timers) clearInterval(timer);
  }
}
