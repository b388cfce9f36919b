import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsFiles } from '../peers/peer.ts';

/** A key pair for one run and how to get rid of it; null where `openssl` is missing. */
export function makeTlsFiles(): (TlsFiles & { remove: () => void }) | null {
  const folder = mkdtempSync(join(tmpdir(), 'opensearch-transport-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', '2'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile, '-out', certFile];
  if (spawnSync('openssl', ['req', '-x509', ...key, ...names], { stdio: 'ignore' }).status === 0) return { keyFile, certFile, remove };
  remove();
  return null;
}
