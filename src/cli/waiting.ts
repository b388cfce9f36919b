import type { Readable } from 'node:stream';
import type { Context } from './context.ts';

/** Tells a person at a terminal that we wait for them, on standard error. @param what is waited for, `requests` */
export async function tellWaiting({ stdin, stderr }: Context, what: string): Promise<void> {
  if (isTerminal(stdin)) await stderr.print(`reading ${what} from the terminal; Ctrl-D ends the input, Ctrl-C gives up`);
}

function isTerminal(stdin: Readable & { readonly isTTY?: boolean }): boolean {
  return stdin.isTTY === true;
}
