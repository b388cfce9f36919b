import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const SOAK = fileURLToPath(new URL('../../scripts/reload-soak.mjs', import.meta.url));

test.runIf(process.platform === 'linux')(
  'reloads leave neither sockets, processes nor listeners behind',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [SOAK, '--reloads', '20'], { timeout: 110_000 });
    expect(stdout).toContain('"reloads":20,');
  },
  120_000,
);
