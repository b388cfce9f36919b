#!/usr/bin/env node
import { main } from './main.ts';

const interruption = new AbortController();

// The first Ctrl-C lets the command end cleanly, a second one does not wait for it.
process.on('SIGINT', () => {
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort();
});
process.on('SIGTERM', () => interruption.abort());

const { stdin, stdout, stderr, env, argv } = process;
process.exit(await main(argv.slice(2), { stdin, stdout, stderr, env, signal: interruption.signal }));
