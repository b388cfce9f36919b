import { Command } from 'commander';
import { shortNameOf } from '../../protocol/action/catalogue.ts';
import type { AnyAction } from '../../protocol/action/define-action.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { restActions } from '../../protocol/rest/rest-catalogue.ts';
import type { Context } from '../context.ts';
import { knownActions } from '../known-actions.ts';
import type { Paint } from '../../inspect/render/paint.ts';
import { choosePaint } from '../paint.ts';
import { schemaText } from '../schema-text.ts';

/** `ostp actions`: the catalogue. */
export function actionsCommand(context: Context): Command {
  return new Command('actions')
    .summary('list the actions this package has codecs for')
    .description(
      'Lists the catalogue: the name on the wire, the name in code, what it does. A pattern that leaves one action shows its fields.',
    )
    .argument('[pattern]', 'part of a name; * stands for anything')
    .option('--json', 'a JSON array')
    .option('--no-color', 'no colours')
    .action(async (pattern: string | undefined, { json, color }: { json?: true; color: boolean }) => {
      const { stdout, env } = context;
      const found = knownActions.filter((action) => matches(pattern, action));
      if (found.length === 0) throw new UsageError('ERR_USAGE', {}, `no action matches '${String(pattern)}'; \`ostp actions\` lists all`);
      const paint = choosePaint({ allowed: color, isTerminal: stdout.isTerminal, env });
      const [only] = found;
      if (json) await stdout.print(JSON.stringify(found.map(toJson)));
      else if (found.length === 1 && only !== undefined) await stdout.print(detail(only, paint));
      else await stdout.print(table(found, paint));
    });
}

function matches(pattern: string | undefined, action: AnyAction): boolean {
  if (pattern === undefined) return true;
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\/]/g, '\\$&'));
  const expression = new RegExp(parts.length === 1 ? String(parts[0]) : `^${parts.join('.*')}$`, 'i');
  return expression.test(action.name) || expression.test(shortNameOf(action) ?? '');
}

function toJson(action: AnyAction): object {
  const { name, summary, idempotent, purpose, request, response } = action;
  return {
    name,
    code: shortNameOf(action) ?? null,
    summary,
    idempotent,
    purpose,
    request: schemaText(request.schema),
    response: schemaText(response.schema),
  };
}

function table(actions: readonly AnyAction[], paint: Paint): string {
  const wire = Math.max(...actions.map(({ name }) => name.length));
  const code = Math.max(...actions.map((action) => (shortNameOf(action) ?? '').length));
  return actions
    .map(
      (action) =>
        `${paint('cyan', action.name.padEnd(wire))}  ${(shortNameOf(action) ?? '').padEnd(code)}  ${paint('dim', action.summary)}`,
    )
    .join('\n');
}

/** How REST reaches it: for `ostp call --rest`. */
function restLines(action: AnyAction): string[] {
  const routes = restActions.filter((rest) => rest.action === action).flatMap((rest) => rest.routes);
  return routes.length === 0 ? [] : [`REST: ${routes.map(({ method, path }) => `${method} ${path}`).join(', ')}`];
}

function detail(action: AnyAction, paint: Paint): string {
  const { name, summary, idempotent, purpose, request, response } = action;
  const code = shortNameOf(action);
  return [
    `${paint('cyan', name)}${code === undefined ? '' : `  ${code}`}`,
    `${summary} (${idempotent ? 'idempotent' : 'not idempotent'}, channel ${purpose})`,
    ...restLines(action),
    paint(
      'dim',
      'In JSON, fields with a question mark may be left out, bytes are in hex, 64-bit integers are decimal strings, times may be text such as "30s".',
    ),
    '',
    `${paint('bold', 'request')} ${schemaText(request.schema)}`,
    `${paint('bold', 'response')} ${schemaText(response.schema)}`,
  ].join('\n');
}
