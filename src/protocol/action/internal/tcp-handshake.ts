import type { Codec } from '../../codec/codec.ts';
import { struct } from '../../codec/combinators.ts';
import { version } from '../../codec/primitives.ts';
import { typed } from '../../codec/typed.ts';
import { StreamInput } from '../../wire/stream-input.ts';
import { StreamOutput } from '../../wire/stream-output.ts';
import type { VersionId } from '../../wire/version.ts';
import { defineAction } from '../define-action.ts';

/** What the initiator of a connection says about itself. */
export interface TcpHandshakeRequest {
  /** Id of its release; null if it sent none. */
  readonly version: VersionId | null;
}

/** What the responder says about itself. */
export interface TcpHandshakeResponse {
  /** Id of its release. */
  readonly version: VersionId;
}

/**
 * Bytes reference whose content begins with the sender's version as a vInt; later bytes inside are for later releases and are dropped. An
 * empty body means an unknown version.
 *
 * @see wire-format.md §6.3
 */
const request: Codec<TcpHandshakeRequest, TcpHandshakeRequest> = {
  schema: {
    kind: 'struct',
    name: 'HandshakeRequest',
    fields: [{ name: 'version', schema: { kind: 'optional', of: version.schema }, canOmit: false }],
  },
  read: (input) => {
    if (input.remaining === 0) return { version: null };
    return { version: new StreamInput(input.readByteArray()).readVInt() };
  },
  write: (output, value) => {
    if (value.version === null) return;
    const inner = new StreamOutput({ size: 8 });
    version.write(inner, value.version);
    output.writeByteArray(inner.toBuffer());
  },
};

/**
 * `internal:tcp/handshake`: the first message of a connection. The answer is the responder's own version.
 *
 * @see wire-format.md §6
 */
export const tcpHandshake = defineAction({
  name: 'internal:tcp/handshake',
  request,
  response: typed<TcpHandshakeResponse, TcpHandshakeResponse>()(struct({ version })),
  summary: 'Exchanges versions on a new connection',
  idempotent: true,
});
