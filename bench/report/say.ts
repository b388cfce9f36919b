/** Progress goes to standard error, so that standard output holds the tables alone. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What the run is for. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
