import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time between two requests, in milliseconds. */
const INTERVAL_MS = 100;
/** Time for one answer, in milliseconds. */
const ANSWER_DEADLINE_MS = 5_000;
/** Upper bound on the bytes of an answer. The two answers have less than 1 KiB. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Resolves when the REST root at `url` answers 200 with the node's name and the cluster is at least yellow. Rejects when the signal
 * fires; a node that does not answer yet is asked again.
 */
export async function untilReady(url: string, nodeName: string, signal: AbortSignal): Promise<void> {
  while (!(await isReady(url, nodeName, signal))) await sleep(INTERVAL_MS, undefined, { signal });
}

async function isReady(url: string, nodeName: string, signal: AbortSignal): Promise<boolean> {
  try {
    const root = await getObject(`${url}/`, signal);
    if (root['name'] !== nodeName) return false;
    const health = await getObject(`${url}/_cluster/health`, signal);
    return health['status'] === 'yellow' || health['status'] === 'green';
  } catch (error) {
    if (signal.aborted) throw error;
    return false;
  }
}

/** The JSON object of a 200 answer. */
function getObject(url: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, signal, timeout: ANSWER_DEADLINE_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
        if (text.length > MAX_ANSWER_BYTES) request.destroy(new RangeError(`${url} answered more than ${MAX_ANSWER_BYTES} bytes`));
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) reject(new RangeError(`${url} answered ${response.statusCode}`));
        else resolve(objectOf(text));
      });
    });
    request.on('timeout', () => request.destroy(new RangeError(`${url} did not answer within ${ANSWER_DEADLINE_MS} ms`)));
    request.on('error', reject);
  });
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
