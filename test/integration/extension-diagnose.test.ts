import { afterEach, expect, test } from 'vitest';
import { diagnose, type Finding } from '../../src/extension/initialize/diagnose.ts';
import { WatchedExtension } from '../support/interop-extension.ts';
import { type RestNodeScript, ScriptedRestNode } from '../support/scripted-rest-node.ts';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const FLAG_ON = { 'GET /_extensions/initialize': [405, '{}'] } as const;
const SETTINGS = 'GET /_cluster/settings';
const INITIALIZE = 'POST /_extensions/initialize';

async function setUp(script: RestNodeScript) {
  const node = await new ScriptedRestNode(script).start();
  const watched = new WatchedExtension();
  open.push(node, { close: () => watched.ext.close({ drainMs: 0 }) });
  await watched.listen();
  return { url: node.url, port: watched.port, node };
}

const verdicts = (findings: readonly Finding[]): string[] => findings.map(({ check, verdict }) => `${check} ${verdict}`);

test('finds nothing wrong where all is well', async () => {
  const answers = {
    ...FLAG_ON,
    [SETTINGS]: [200, '{"defaults":{"http":{"netty":{"worker_count":"8"}}}}'],
    [INITIALIZE]: [500, 'Extension minimumCompatibleVersion: 3.99.0 is greater than current OpenSearch version: 3.9.0'],
  } as const;
  const { url, port } = await setUp({ answers });
  const findings = await diagnose({ url, port, uniqueId: 'hello' });
  expect(verdicts(findings)).toEqual(['node ok', 'version ok', 'flag ok', 'port ok', 'uniqueId ok', 'eventLoops ok']);
  expect(findings.every(({ remedy }) => remedy === null)).toBe(true);
});

test('finds shared event loops, a taken id and a port that nobody listens on', async () => {
  const answers = {
    ...FLAG_ON,
    [SETTINGS]: [200, '{"defaults":{"http":{"netty":{"worker_count":"0"}}}}'],
    [INITIALIZE]: [500, 'Duplicate uniqueId [hello].'],
  } as const;
  const { url } = await setUp({ answers });
  const findings = await diagnose({ url, port: 1, uniqueId: 'hello' });
  expect(verdicts(findings).slice(2)).toEqual(['flag ok', 'port problem', 'uniqueId warning', 'eventLoops warning']);
  expect(findings.at(-1)?.remedy).toContain('http.netty.worker_count: 8');
  expect(findings[3]?.text).toMatch(/^the extension cannot be reached at 127\.0\.0\.1:1: /);
});

test('finds the flag that is off, an old release, and a node that is not there', async () => {
  const { url, port, node } = await setUp({ version: '2.8.0', answers: { [SETTINGS]: [403, '{"error":{"reason":"no permissions"}}'] } });
  const findings = await diagnose({ url, port, uniqueId: 'hello' });
  expect(verdicts(findings)).toEqual(['node ok', 'version problem', 'flag problem', 'port ok', 'uniqueId unknown', 'eventLoops unknown']);
  expect(findings[2]?.remedy).toContain('extensions.enabled: true');
  await node.close();
  const gone = await diagnose({ url, port, uniqueId: 'hello' });
  expect(verdicts(gone)).toEqual(['node problem', 'version unknown', 'flag unknown', 'port ok', 'uniqueId unknown', 'eventLoops unknown']);
});

test('ends with its signal and its time, and refuses bad options', async () => {
  const { url, port } = await setUp({ answers: { 'GET /': null } });
  await expect(diagnose({ url, port, uniqueId: 'hello', timeoutMs: 100 })).rejects.toMatchObject({ code: 'ERR_DEADLINE' });
  await expect(diagnose({ url, port, uniqueId: 'hello', signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  await expect(diagnose({ url, port: -1, uniqueId: 'hello' })).rejects.toMatchObject({ code: 'ERR_CONFIG' });
  await expect(diagnose({ url: 'localhost', port, uniqueId: 'hello' })).rejects.toMatchObject({ code: 'ERR_USAGE' });
});
