#!/usr/bin/env node
import { interruptedExit } from './failure.ts';
import { Interruption, type StopSignal } from './interruption.ts';
import { main } from './main.ts';

const interruption = new AbortController();

// The first signal lets the command end cleanly; a second one ends the process at once.
function stop(signal: StopSignal): void {
  const reason = new Interruption(signal);
  if (interruption.signal.aborted) process.exit(interruptedExit(reason));
  interruption.abort(reason);
}

process.on('SIGINT', () => stop('SIGINT'));
process.on('SIGTERM', () => stop('SIGTERM'));

const { stdin, stdout, stderr, env, argv } = process;
process.exit(await main(argv.slice(2), { stdin, stdout, stderr, env, signal: interruption.signal }));
