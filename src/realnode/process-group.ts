import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { onWindows } from './surroundings.ts';

/** Starts a program as the leader of a process group of its own, so that {@link signalGroup} reaches its children too. */
export function spawnGroup(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  // A .cmd file runs only through the shell, which wants its words quoted.
  const shell = onWindows && /\.(cmd|bat)$/i.test(program);
  const quote = (word: string) => (shell ? `"${word}"` : word);
  return spawn(quote(program), args.map(quote), { ...options, shell, detached: !onWindows, windowsHide: true });
}

/** Sends a signal to the whole group; a group that is gone is fine. */
export function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (onWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
