import { askNode, type ParityAnswer } from '../devnode-parity.ts';
import type { ParityCase } from '../devnode-parity-cases.ts';
import { parityExtension } from './parity-extension.ts';

/** A node that serves the extension. */
export interface ParityNode {
  ask(parity: ParityCase): Promise<ParityAnswer>;
  close(): Promise<void>;
}

/** Initialises the extension on a node of any kind. @param url the HTTP address of the node */
export async function runParity(url: string): Promise<ParityNode> {
  const ext = parityExtension();
  try {
    await ext.listen();
    await ext.initialize(url, { name: 'Parity', uniqueId: 'parity' });
  } catch (error) {
    await ext.close({ drainMs: 0 });
    throw error;
  }
  return {
    ask: (parity) => withoutWarning(url, parity),
    close: () => ext.close({ drainMs: 0 }),
  };
}

/** A node warns of deprecated routes only with the log configuration of its distribution, which a node from artefacts lacks. */
async function withoutWarning(url: string, parity: ParityCase): Promise<ParityAnswer> {
  const { headers, ...answer } = await askNode(url, parity, []);
  const { warning: _, ...compared } = headers;
  return { ...answer, headers: compared };
}
