import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, in PEM form. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** Makes certificates with the `openssl` command, in a folder of its own. */
export class CertificateOffice {
  readonly folder = mkdtempSync(join(tmpdir(), 'certificates-'));

  /** Whether there is an `openssl` command. */
  static isOpen(): boolean {
    return spawnSync('openssl', ['version']).status === 0;
  }

  /** An authority that signs itself. */
  authority(name: string): Issued {
    const key = this.#key(name);
    const subject = ['-subj', `/O=Tests/CN=${name}`];
    this.#openssl('req', '-x509', '-new', '-key', key, ...subject, '-days', '2', '-out', this.path(`${name}.pem`));
    return this.#issued(name);
  }

  /** A certificate for some names, such as `DNS:localhost,IP:127.0.0.1`. */
  issue(name: string, authority: string, names: string, days = 2): Issued {
    return this.#certify(name, this.#key(name), authority, names, days);
  }

  /** The same with an RSA key, for suites that need one. */
  issueRsa(name: string, authority: string, names: string): Issued {
    const key = this.path(`${name}.key`);
    this.#openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', key);
    return this.#certify(name, key, authority, names, 2);
  }

  #certify(name: string, key: string, authority: string, names: string, days: number): Issued {
    const [request, extensions] = [this.path(`${name}.csr`), this.path(`${name}.ext`)];
    writeFileSync(extensions, `subjectAltName=${names}\n`);
    this.#openssl('req', '-new', '-key', key, '-subj', `/CN=${name}`, '-out', request);
    const signer = ['-CA', this.path(`${authority}.pem`), '-CAkey', this.path(`${authority}.key`), '-CAcreateserial'];
    const terms = ['-days', String(days), '-extfile', extensions];
    this.#openssl('x509', '-req', '-in', request, ...signer, ...terms, '-out', this.path(`${name}.pem`));
    return this.#issued(name);
  }

  /** Certificate and key in one encrypted file. */
  pack(name: string, passphrase: string): Buffer {
    const out = this.path(`${name}.p12`);
    this.#openssl(
      'pkcs12',
      '-export',
      '-in',
      this.path(`${name}.pem`),
      '-inkey',
      this.path(`${name}.key`),
      '-passout',
      `pass:${passphrase}`,
      '-out',
      out,
    );
    return readFileSync(out);
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #key(name: string): string {
    const key = this.path(`${name}.key`);
    this.#openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', key);
    return key;
  }

  #issued(name: string): Issued {
    return { cert: readFileSync(this.path(`${name}.pem`), 'utf8'), key: readFileSync(this.path(`${name}.key`), 'utf8') };
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}
