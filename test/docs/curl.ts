/** A `curl` command as `fetch` takes it. */
export interface CurlRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

const WORD = /'([^']*)'|"([^"]*)"|(\S+)/g;

/** The `curl` commands of a shell block, in order. Knows -X, -H and -d; anything else of curl is refused. */
export function curlRequests(shell: string): CurlRequest[] {
  return shell
    .split(/^(?=curl )/m)
    .filter((command) => command.startsWith('curl '))
    .map((command) => curlRequest([...command.matchAll(WORD)].slice(1).map(([, single, double, bare]) => single ?? double ?? bare ?? '')));
}

function curlRequest(words: readonly string[]): CurlRequest {
  let method: string | null = null;
  let body: string | null = null;
  let url: string | null = null;
  const headers: Record<string, string> = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word.startsWith('-X')) method = word.slice(2) || (words[++at] ?? '');
    else if (word === '-d') body = words[++at] ?? '';
    else if (word === '-H') {
      const [name = '', ...value] = (words[++at] ?? '').split(': ');
      headers[name] = value.join(': ');
    } else if (word.startsWith('-')) throw new Error(`curl ${word} is not known here`);
    else url = word;
  }
  if (url === null) throw new Error('a curl command without a URL');
  return { url: `http://${url}`, method: method ?? (body === null ? 'GET' : 'POST'), headers, body };
}
