import { X509Certificate } from 'node:crypto';
import { createSecureContext, type PeerCertificate, type SecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls';
import type { UsageError } from '../../protocol/error/transport-error.ts';
import {
  checkOptions,
  configError,
  describeType,
  isBoolean,
  isBytes,
  isFunction,
  isName,
  isOneOf,
  isText,
  isTimer,
  type OptionCheck,
  type OptionChecks,
} from '../util/check-options.ts';

/** Text or bytes in PEM form, or several of them. */
export type Pem = string | Buffer | readonly (string | Buffer)[];

/** Options of {@link tls}: certificates, authorities, and checks of the peer. */
export interface TlsOptions {
  /** Authorities to trust, in PEM form. @default the well-known ones of Node.js */
  readonly ca?: Pem;
  /** Own certificate and its chain, in PEM form. Needed to listen, and to dial a peer that demands a client certificate. */
  readonly cert?: Pem;
  /** The private key of {@link cert}, in PEM form. */
  readonly key?: Pem;
  /** Certificate, key and chain in one PKCS#12 file, instead of {@link cert} and {@link key}. */
  readonly pfx?: Buffer;
  /** Passphrase of an encrypted {@link key} or {@link pfx}. */
  readonly passphrase?: string;
  /** The name that a dialled peer's certificate must have. @default the host that is dialled */
  readonly servername?: string;
  /** Refuses dialled peers whose certificate cannot be trusted. With false, anyone between the two ends can read and change the traffic. @default true */
  readonly rejectUnauthorized?: boolean;
  /** Accepts only peers with a client certificate that {@link ca} has signed. @default false */
  readonly mutual?: boolean;
  /** Oldest version of TLS to speak: `TLSv1.2` or `TLSv1.3`. @default 'TLSv1.2' */
  readonly minVersion?: SecureVersion;
  /**
   * Cipher suites to offer and accept, as OpenSSL writes lists of them.
   *
   * @default the suites of TLS 1.3, and those of TLS 1.2 with forward secrecy and authenticated encryption (ECDHE with AES-GCM or ChaCha20-Poly1305)
   */
  readonly ciphers?: string;
  /** Checks the name in a dialled peer's certificate instead of Node.js: an error refuses the peer. */
  readonly checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
  /** Time for the TLS handshake of an accepted connection, in milliseconds. @default 5_000 */
  readonly handshakeTimeoutMs?: number;
  /** Time that `close()` gives the peer to read queued bytes and to close its end, in milliseconds; then the link is aborted. @default 5_000 */
  readonly lingerMs?: number;
}

/** Every suite of TLS 1.3 that browsers use, and of TLS 1.2 those with forward secrecy and authenticated encryption. */
const DEFAULT_CIPHERS: string = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** Certificates and keys in the two forms that Node.js takes: a context for clients, options of a context for servers. */
export interface TlsIdentity {
  readonly context: SecureContext;
  readonly contextOptions: SecureContextOptions;
}

/** PEM text or bytes. Errors never show any of it. */
const isPem: OptionCheck = (name, value) => {
  for (const part of Array.isArray(value) ? value : [value]) {
    if (typeof part !== 'string' && !isBytes(part)) {
      throw configError(`${name} must be PEM text or a Buffer, or an array of them, got ${describeType(part)}`);
    }
  }
};

/** A secret text: errors show its type alone. */
const isSecret: OptionCheck = (name, value) => {
  if (typeof value !== 'string') throw configError(`${name} must be a string, got ${describeType(value)}`);
};

const isPfx: OptionCheck = (name, value) => {
  if (!isBytes(value)) throw configError(`${name} must be a Buffer with the content of a PKCS#12 file, got ${describeType(value)}`);
};

const CHECKS: OptionChecks<TlsOptions> = {
  ca: isPem,
  cert: isPem,
  key: isPem,
  pfx: isPfx,
  passphrase: isSecret,
  servername: isText,
  rejectUnauthorized: isBoolean,
  mutual: isBoolean,
  minVersion: isOneOf('TLSv1.2', 'TLSv1.3'),
  ciphers: isName,
  checkServerIdentity: isFunction,
  handshakeTimeoutMs: isTimer,
  lingerMs: isTimer,
};

/** Reads certificates and keys once. @throws ERR_CONFIG naming the option that is wrong, without its content */
export function toIdentity(options: TlsOptions): TlsIdentity {
  checkOptions('tls()', options, CHECKS);
  const { ca, cert, key, pfx, passphrase, minVersion = 'TLSv1.2', ciphers = DEFAULT_CIPHERS } = options;
  assertPem({ ca, cert, key });
  assertCertificates({ ca, cert });
  if (options.mutual && ca === undefined) throw bad('mutual TLS needs `ca`: the authorities whose client certificates are accepted');
  if ((cert === undefined) !== (key === undefined)) throw bad(cert ? '`cert` is there without `key`' : '`key` is there without `cert`');
  const contextOptions: SecureContextOptions = {
    minVersion,
    ciphers,
    ca: toList(ca),
    cert: toList(cert),
    key: toList(key),
    pfx,
    passphrase,
  };
  try {
    return { context: createSecureContext(contextOptions), contextOptions };
  } catch (error) {
    throw bad(contextFault(error), error);
  }
}

/** @throws ERR_CONFIG */
export function assertCanListen({ cert, pfx }: TlsOptions): void {
  if (cert === undefined && pfx === undefined) throw bad('listening needs a certificate: pass `cert` and `key`, or `pfx`');
}

/** Refuses text that is not PEM: a path instead of the file's content is the usual mistake, and Node.js ignores it silently. */
function assertPem(options: Readonly<Record<string, Pem | undefined>>): void {
  for (const [name, pem] of Object.entries(options)) {
    if (toList(pem)?.some((part) => !part.includes('-----BEGIN ')) === true) {
      throw bad(`\`${name}\` is not in PEM form; pass the content of the file, not its path`);
    }
  }
}

/** Refuses authorities that are not certificates: Node.js ignores them silently, and then trusts no peer. */
function assertCertificates(options: Readonly<Record<string, Pem | undefined>>): void {
  for (const [name, pem] of Object.entries(options)) {
    const parts = toList(pem);
    if (parts !== undefined && !(parts.length > 0 && parts.every(holdsCertificate))) throw bad(`\`${name}\` holds no certificate`);
  }
}

const CERTIFICATE = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[^-]*-----END \1-----/g;

function holdsCertificate(pem: string | Buffer): boolean {
  return (pem.toString().match(CERTIFICATE) ?? []).some(isReadable);
}

function isReadable(certificate: string): boolean {
  try {
    return new X509Certificate(certificate).raw.length > 0;
  } catch {
    return false;
  }
}

function toList(pem: Pem | undefined): (string | Buffer)[] | undefined {
  if (pem === undefined) return undefined;
  return typeof pem === 'string' || Buffer.isBuffer(pem) ? [pem] : [...pem];
}

/** By code of OpenSSL. */
const CONTEXT_FAULTS: Readonly<Record<string, string>> = {
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: '`key` is not the key of `cert`',
  ERR_OSSL_BAD_DECRYPT: '`passphrase` does not open the key',
  ERR_OSSL_EVP_BAD_DECRYPT: '`passphrase` does not open the key',
  ERR_MISSING_PASSPHRASE: 'the key is encrypted and `passphrase` is missing',
  ERR_TLS_INVALID_PROTOCOL_VERSION: '`minVersion` must be a version that this Node.js supports',
  ERR_SSL_NO_CIPHER_MATCH: '`ciphers` must name at least one suite that this Node.js supports',
};

function contextFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof Error && error.message === 'mac verify failure') return '`passphrase` is missing or does not open `pfx`';
  return CONTEXT_FAULTS[code] ?? (error instanceof Error ? error.message : 'the certificates cannot be used');
}

function bad(fault: string, cause?: unknown): UsageError {
  return configError(`TLS: ${fault}`, cause);
}
