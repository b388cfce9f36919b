import { stripVTControlCharacters } from 'node:util';

/** Longest line in characters; a longer one is split. */
const MAX_LINE = 64 * 1024;

/** Cuts text that arrives in pieces into lines, without the colours of a terminal. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#emit(line);
    if (this.#rest.length > MAX_LINE) this.end();
  }

  /** Delivers the text after the last line break. */
  end(): void {
    const rest = this.#rest;
    this.#rest = '';
    if (rest !== '') this.#emit(rest);
  }

  #emit(line: string): void {
    this.#onLine(stripVTControlCharacters(line.endsWith('\r') ? line.slice(0, -1) : line));
  }
}

/** The newest lines of a log; older ones are dropped. */
export class LogTail {
  readonly #limit: number;
  #lines: string[] = [];

  /** @param limit lines to keep */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(line: string): void {
    this.#lines.push(line);
    // Twice the limit before cutting, so that a busy log does not move the array with every line.
    if (this.#lines.length >= this.#limit * 2) this.#lines = this.lines();
  }

  /** The kept lines, oldest first; a copy. */
  lines(limit: number = this.#limit): string[] {
    return this.#lines.slice(-Math.min(limit, this.#limit));
  }

  /** Returns the newest lines that are not empty, as one text for an error message. */
  text(limit: number): string {
    return this.#lines
      .filter((line) => line.trim() !== '')
      .slice(-limit)
      .join('\n');
  }
}
