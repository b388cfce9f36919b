import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** The kernel reports process times in ticks of 10 ms on every platform Node runs on. */
const TICK_MICROS = 10_000;
/** Position of utime behind the command's closing bracket in /proc/PID/stat. @see proc(5) */
const UTIME = 11;
const STIME = 12;

/** CPU time of a process in microseconds, to 10 ms; 0 when it is gone or the system has no /proc. */
export function cpuOf(pid: number): number {
  return cpuAt(String(pid));
}

/** @param path of a process or thread, below /proc */
function cpuAt(path: string): number {
  const fields = statOf(path);
  if (fields === null) return 0;
  return (Number(fields[UTIME]) + Number(fields[STIME])) * TICK_MICROS;
}

/** CPU time of the threads of a process whose name matches, in microseconds, to 10 ms; null where the system has no /proc. */
export function cpuOfThreads(pid: number, name: RegExp): number | null {
  try {
    const paths = readdirSync(`/proc/${pid}/task`).map((thread) => `${pid}/task/${thread}`);
    return paths.filter((path) => name.test(nameOf(path))).reduce((sum, path) => sum + cpuAt(path), 0);
  } catch {
    return null;
  }
}

/** Empty when it is gone. */
function nameOf(path: string): string {
  try {
    return readFileSync(`/proc/${path}/comm`, 'utf8');
  } catch {
    return '';
  }
}

/** CPU time of every process but `ours` in microseconds, by process; null where the system has no /proc. */
export function cpuOfOthers(ours: ReadonlySet<number>): Map<number, number> | null {
  const times = new Map<number, number>();
  try {
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (Number.isInteger(pid) && !ours.has(pid)) times.set(pid, cpuOf(pid));
    }
  } catch {
    return null;
  }
  return times;
}

/** Microseconds used between the two, by processes that began in between too. */
export function grown(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  let micros = 0;
  for (const [pid, time] of after) micros += Math.max(0, time - (before.get(pid) ?? 0));
  return micros;
}

/** All cores' time since boot, in ticks: `[busy, idle]`; null where the system has no /proc. */
export function machineTicks(): readonly [busy: number, idle: number] | null {
  try {
    const line = /^cpu\s+(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '';
    const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line.split(' ').map(Number);
    return [user + nice + system + irq + softirq + steal, idle + iowait];
  } catch {
    return null;
  }
}

function statOf(path: string): string[] | null {
  try {
    const text = readFileSync(`/proc/${path}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** CPU time of this process and of those that work for it, in microseconds. */
export function ownCpu(pids: readonly number[]): number {
  const { user, system } = process.cpuUsage();
  return pids.reduce((sum, pid) => sum + cpuOf(pid), user + system);
}

/** Returns the most memory that was resident since {@link forgetPeak}, in bytes; since the start where the system has no /proc. */
export function ownPeak(): number {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

/** Resets the peak, where the system can. @see proc(5), clear_refs */
export function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // The peak since the start is at least as large, so no contender looks better than it is.
  }
}
