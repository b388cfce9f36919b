import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT } from '../failure.ts';
import { Demo } from '../demo/demo.ts';
import { choosePaint } from '../paint.ts';

/** Time between the rounds of a demonstration that goes on. */
const ROUND_MS = 5_000;

/** `ostp demo`, which is `npm start`. */
export function demoCommand(context: Context): Command {
  return new Command('demo')
    .summary('show a conversation: a server, a client, every frame decoded')
    .description('Starts the example server on a free port of loopback, calls it, and prints every frame, decoded. Runs until Ctrl-C.')
    .option('--once', 'stop after one round')
    .option('--no-color', 'no colours')
    .action(async ({ once, color }: { once?: true; color: boolean }) => {
      const { stdout, env, signal } = context;
      const paint = choosePaint({ allowed: color, isTerminal: stdout.isTerminal, env });
      await using demo = await Demo.start(stdout, paint);
      await demo.round({ brief: false, signal });
      while (!once && !signal.aborted) {
        await stdout.print(`\nThe server listens on ${demo.address}. Next round in ${ROUND_MS / 1000} seconds; press Ctrl-C to stop.\n`);
        await delay(ROUND_MS, undefined, { signal }).catch(() => {});
        if (!signal.aborted) await demo.round({ brief: true, signal });
      }
      if (signal.aborted) context.exit(EXIT.ok);
    });
}
