import type { RequestId } from '../dissect/fixed-header.ts';

/** Requests in a generation. The older generation is forgotten when the newer one is full: the responses of such requests were lost. */
const MAX_REQUESTS = 100_000;

/** Upper bound of the characters of the actions in a generation: a peer may make up long names. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

/**
 * The actions of requests that wait for their response, by id. Holds the last 100 000 requests at least, or the last 8 Mi characters, and twice as many at
 * most. A Map that drops
 * its oldest entry each time would walk over all entries that were dropped before.
 */
export class WaitingRequests {
  #newer: Map<RequestId, string>;
  #older: Map<RequestId, string>;
  /** Characters of the actions that were added to the newer generation. */
  #characters: number;

  constructor() {
    this.#newer = new Map();
    this.#older = new Map();
    this.#characters = 0;
  }

  /** Remembers a request. */
  add(requestId: RequestId, action: string): void {
    if (this.#newer.size >= MAX_REQUESTS || this.#characters >= MAX_CHARACTERS) {
      this.#older = this.#newer;
      this.#newer = new Map();
      this.#characters = 0;
    }
    this.#characters += action.length;
    this.#newer.set(requestId, action);
  }

  /** Returns the action of a request and forgets it; null if the request was not seen, or was forgotten. */
  take(requestId: RequestId): string | null {
    const older = takeFrom(this.#older, requestId);
    return takeFrom(this.#newer, requestId) ?? older;
  }
}

function takeFrom(requests: Map<RequestId, string>, requestId: RequestId): string | null {
  const action = requests.get(requestId);
  if (action === undefined) return null;
  requests.delete(requestId);
  return action;
}
