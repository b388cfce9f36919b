import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REAL_NODE_JAVA } from './real-node-java.ts';
import { log4jProperties, openSearchYml, type SettingValue } from './settings.ts';

/** Windows holds files for a moment after their process is gone. */
const REMOVE = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 } as const;

/** The home of one node: `RealNode.java`, `config/`, `tmp/`, and the `data/` the node makes. Nothing in it outlives the node. */
export interface NodeFolder {
  readonly home: string;
  readonly source: string;
  readonly log4jConfig: string;
  readonly temp: string;
  remove(): Promise<void>;
  /** For the moment the process exits, when nothing can be awaited. */
  removeNow(): void;
}

/** Makes the folder of a node in the system's temporary folder. */
export async function createNodeFolder(settings: Readonly<Record<string, SettingValue>>): Promise<NodeFolder> {
  const home = await mkdtemp(join(tmpdir(), 'opensearch-real-node-'));
  const config = join(home, 'config');
  const temp = join(home, 'tmp');
  const source = join(home, 'RealNode.java');
  const log4jConfig = join(config, 'log4j2.properties');
  await Promise.all([mkdir(config), mkdir(temp)]);
  await Promise.all([
    writeFile(source, REAL_NODE_JAVA),
    writeFile(log4jConfig, log4jProperties(settings)),
    writeFile(join(config, 'opensearch.yml'), openSearchYml(settings)),
  ]);
  return { home, source, log4jConfig, temp, remove: () => rm(home, REMOVE), removeNow: () => rmSync(home, REMOVE) };
}
