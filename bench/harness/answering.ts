import type { Ask, Reply } from './child.ts';

/** The functions that answer the questions of the runner. The process ends after `close` has returned. */
export type Answering<Answers> = {
  readonly [Q in Exclude<keyof Answers, 'ready'>]?: (argument: never) => Promise<Answers[Q]> | Answers[Q];
};

/** Returns the start argument that the runner passed to this process. */
export function startArgument<T>(): T {
  return JSON.parse(process.argv[2] as string) as T;
}

/**
 * Answers the questions of the runner until it disconnects.
 *
 * @param prepare makes the process ready; returns the answer to `ready` and the functions that answer the other questions
 */
export async function serveRunner<Answers extends { ready: unknown; close: unknown }>(
  prepare: () => Promise<{ ready: Answers['ready']; answering: Answering<Answers> }>,
): Promise<void> {
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.on('disconnect', () => process.exit(0));
  try {
    const { ready, answering } = await prepare();
    const answers = answering as Readonly<Record<string, ((argument: unknown) => unknown) | undefined>>;
    process.on('message', ({ question, argument }: Ask) => void answer(question, () => answers[question]?.(argument)));
    send({ to: 'ready', value: ready });
  } catch (error) {
    fail(error);
  }
}

/** Reports a failure to the runner and ends the process. */
export function fail(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (!process.connected) process.exit(1);
  process.send?.({ error: text } satisfies Reply, () => process.exit(1));
}

async function answer(question: string, ask: () => unknown): Promise<void> {
  try {
    const value = (await ask()) ?? null;
    if (question === 'close') process.exit(0);
    send({ to: question, value });
  } catch (error) {
    fail(error);
  }
}

function send(reply: Reply): void {
  process.send?.(reply);
}
