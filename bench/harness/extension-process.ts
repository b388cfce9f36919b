// An extension that greets, in its own process.
import { greeter } from '../peers/greeter.ts';
import { serveRunner } from './answering.ts';
import type { ExtensionAnswers } from './node-role.ts';

await serveRunner<ExtensionAnswers>(async () => {
  const ext = greeter();
  const { port } = await ext.listen();
  const close = async (): Promise<null> => {
    await ext.close({ drainMs: 0 });
    return null;
  };
  return { ready: { port }, answering: { close } };
});
