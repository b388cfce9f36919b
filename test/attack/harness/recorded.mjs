import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const VECTORS = new URL('../../vectors/golden-3.9.0.json.gz', import.meta.url);
let answers = null;

/** What a 3.9.0 node answers to a handshake; null for another action. */
export function handshakeAnswers(action) {
  answers ??= read();
  return answers[action] ?? null;
}

function read() {
  const vectors = JSON.parse(gunzipSync(readFileSync(VECTORS)).toString('utf8'));
  const list = Array.isArray(vectors) ? vectors : vectors.vectors;
  const bytesOf = (id) => Buffer.from(list.find((vector) => vector.id === id).hex, 'hex');
  return {
    'internal:tcp/handshake': bytesOf('frame.tcpHandshake.response.3.9.0'),
    'internal:transport/handshake': bytesOf('frame.transportHandshake.response.3.9.0'),
  };
}
