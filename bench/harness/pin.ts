import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

let cores: number[] | undefined;
let pinning: boolean | undefined;

/** Numbers of the cores this process may use. */
export function allowedCores(): readonly number[] {
  return (cores ??= readAllowedCores());
}

/** True when each end can have a core of its own: two cores and `taskset`. */
export function canPin(): boolean {
  pinning ??= allowedCores().length >= 2 && spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;
  return pinning;
}

/** The command that runs `command` on its end's core, or as it is where pinning is not possible. */
export function pinned(end: 'client' | 'server', command: readonly string[]): readonly [string, ...string[]] {
  const [server, client] = allowedCores();
  const plain = command as readonly [string, ...string[]];
  return canPin() ? ['taskset', '-c', String(end === 'client' ? client : server), ...plain] : plain;
}

function readAllowedCores(): number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
    return list.split(',').flatMap((range) => {
      const [from = 0, to = from] = range.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });
  } catch {
    return Array.from({ length: availableParallelism() }, (_, i) => i);
  }
}
