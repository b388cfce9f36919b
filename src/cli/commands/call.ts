import { Command } from 'commander';
import { toForm } from '../../protocol/codec/json-form.ts';
import { renderJson } from '../../protocol/rest/json.ts';
import type { RestResponse } from '../../protocol/rest/rest-message.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { parseVersion } from '../../protocol/wire/version.ts';
import { createClient } from '../../transport/client/client.ts';
import { carrierOf, type TlsFlags, withTlsOptions } from '../connect-options.ts';
import type { Context } from '../context.ts';
import { jsonLine, printable } from '../../protocol/error/printable.ts';
import { eventText } from '../../inspect/render/event-text.ts';
import { EXIT } from '../failure.ts';
import { readText } from '../json-input.ts';
import { actionsByName, knownAction } from '../known-actions.ts';
import { keyValue, milliseconds } from '../option-values.ts';
import { choosePaint } from '../paint.ts';
import { parseRequest } from '../request-input.ts';
import { callAsRest, callRest, isRestLine, type Send } from '../rest-call.ts';
import { observedCarrier } from '../../inspect/tap/observed-carrier.ts';

interface Options extends TlsFlags {
  readonly json?: true;
  readonly rest?: true;
  readonly timeout: number;
  readonly header?: Readonly<Record<string, string>>;
  readonly compress?: true;
  readonly trace?: true;
  readonly color: boolean;
}

/** Time for the TCP connection, and again for the handshakes, in milliseconds. A transport port answers sooner. */
const MAX_CONNECT_MS = 10_000;

const EXAMPLES = `
Bytes are in hex, 64-bit integers are decimal strings, times are text such as "30s". With --rest, documents are plain JSON:
  ostp call 127.0.0.1:9300 cluster.health '{"level":"INDICES"}'
  ostp call 127.0.0.1:9300 'PUT /notes/_doc/1' '{"text":"hi"}' --rest
  ostp call 127.0.0.1:9300 docs.get '{"index":"notes","id":"1"}' --rest`;

/** `ostp call`: one action on one node. */
export function callCommand(context: Context): Command {
  const command = new Command('call')
    .summary('call an action on a node and print its answer')
    .description('Calls an action and prints its answer as JSON. `ostp actions NAME` shows the fields of a request.')
    .argument('<endpoint>', 'host:port of the node')
    .argument('<action>', 'name on the wire (cluster:monitor/health) or in code (cluster.health)')
    .argument('[json]', 'the request as JSON; - reads standard input (default: {})')
    .option('--json', 'print the answer on one line')
    .option('--rest', "print the answer as the REST API does; the action may be a REST request: 'GET /_cluster/health?level=indices'")
    .option('--timeout <ms>', 'time for the whole call in milliseconds', milliseconds, 30_000)
    .option('--header <key=value>', 'request header; may be repeated', keyValue)
    .option('--compress', 'compress the request')
    .option('--trace', 'print every frame, decoded, to standard error')
    .option('--no-color', 'no colours');
  return withTlsOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((endpoint: string, name: string, json: string | undefined, options: Options) => call(context, endpoint, name, json, options));
}

async function call(context: Context, endpoint: string, name: string, json: string | undefined, options: Options): Promise<void> {
  const { signal } = context;
  const { timeout: timeoutMs, header, compress = false } = options;
  const isRest = isRestLine(name);
  if (isRest && !options.rest) throw new UsageError('ERR_USAGE', {}, `'${name}' is a REST request; add --rest to send it`);
  const action = isRest ? null : knownAction(name);
  const text = await readText(json ?? (isRest ? '' : '{}'), context);
  const request = action === null ? null : parseRequest(action, text);
  const carrier = await carrierOf(context, options);
  await using client = createClient({
    nodes: [endpoint],
    carrier: options.trace ? traced(context, carrier, options) : carrier,
    timeoutMs,
    connectTimeoutMs: Math.min(timeoutMs, MAX_CONNECT_MS),
    reconnect: false,
  });
  let asked = false;
  const send: Send = (sent, body) => {
    asked = true;
    return client.call(sent, body as never, { signal, compress, ...(header !== undefined && { headers: header }) });
  };
  if (options.rest) {
    const answer = await (action === null ? callRest(name, text, send) : callAsRest(action, request, send));
    await printRest(context, answer, asked, options);
  } else if (action !== null) {
    const form = toForm(action.response.schema, await send(action, request), parseVersion(client.nodes[0]?.streamVersion ?? '3.9.0'));
    await context.stdout.print(jsonLine(form, options.json ? 0 : 2));
  }
}

/** @param asked false when the node was not asked: unknown routes and wrong parameters are answered here, as a node answers them */
async function printRest(context: Context, { status, body }: RestResponse, asked: boolean, { json }: Options): Promise<void> {
  if (!json) await context.stderr.print(`HTTP status ${status}${asked ? '' : ' (answered locally, the node was not asked)'}`);
  if (body !== null) await context.stdout.print(printable(renderJson(body)));
  if (status >= 400) context.exit(EXIT.failed);
}

function traced(
  { stderr, env }: Context,
  carrier: Parameters<typeof observedCarrier>[0],
  { color }: Options,
): ReturnType<typeof observedCarrier> {
  const paint = choosePaint({ allowed: color, isTerminal: stderr.isTerminal, env });
  return observedCarrier(
    carrier,
    { actions: actionsByName },
    (event) => void stderr.print(`${eventText(event, { paint, full: false })}\n`).catch(() => {}),
  );
}
