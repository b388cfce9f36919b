import type { AnyAction } from '../../src/protocol/action/define-action.ts';
import type { RestAction } from '../../src/protocol/rest/rest-action.ts';

/** A module by its path below `src/protocol/action` or `src/protocol/rest`, and what it exports. */
export type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Everything that has to fit together when an action is added. */
export interface CatalogueParts {
  /** Files of actions: `docs/get.ts`. */
  readonly actionFiles: Modules;
  readonly catalogue: readonly AnyAction[];
  /** Files of REST forms: `docs/get.ts`. */
  readonly restFiles: Modules;
  readonly restActions: readonly RestAction[];
}

/** Says what is missing, one line for each gap, with the file to edit. */
export function catalogueGaps({ actionFiles, catalogue, restFiles, restActions }: CatalogueParts): string[] {
  return [
    ...membersOf(actionFiles, isAction)
      .filter(({ value }) => !catalogue.includes(value))
      .map(({ file, name }) => `action/${file} exports ${name}, which is not in action/${listOf(file)}`),
    ...membersOf(restFiles, isRestAction)
      .filter(({ value }) => !restActions.includes(value))
      .map(
        ({ file, name }) =>
          `rest/${file} exports ${name}, which is not in rest/${listOf(file)}, or its family is not in rest/rest-catalogue.ts`,
      ),
    ...restActions.flatMap((rest) => restGaps(rest, catalogue).map((gap) => `${routeOf(rest)}: ${gap}`)),
  ];
}

function restGaps({ action, routes, parameters }: RestAction, catalogue: readonly AnyAction[]): string[] {
  const inPaths = new Set(routes.flatMap(({ path }) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name))));
  const inTable = Object.entries(parameters).flatMap(([name, { place }]) => (place === 'path' ? [name] : []));
  return [
    ...(catalogue.includes(action) ? [] : [`its action ${action.name} is not in the catalogue`]),
    ...[...inPaths].filter((name) => !inTable.includes(name)).map((name) => `the table has no path parameter {${name}}`),
    ...inTable.filter((name) => !inPaths.has(name)).map((name) => `no route has the path parameter {${name}}`),
    ...Object.entries(parameters)
      .filter(([, { summary, type }]) => !/^[A-Z`].*[^.\s]$/.test(summary) || type === '')
      .map(([name]) => `the parameter ${name} needs a type and one sentence that says what it means, without its full stop`),
  ];
}

const routeOf = ({ routes: [first] }: RestAction): string => `${first?.method} ${first?.path}`;

/** The list of a family: `docs/docs.ts` of `docs/get.ts`. */
function listOf(file: string): string {
  const [family] = file.split('/');
  return `${family}/${family}.ts`;
}

function membersOf<T>(modules: Modules, fits: (value: unknown) => value is T): { file: string; name: string; value: T }[] {
  return Object.entries(modules).flatMap(([file, members]) =>
    Object.entries(members).flatMap(([name, value]) => (fits(value) ? [{ file, name, value }] : [])),
  );
}

function isAction(value: unknown): value is AnyAction {
  return isRecord(value) && 'request' in value && 'response' in value && 'idempotent' in value;
}

function isRestAction(value: unknown): value is RestAction {
  return isRecord(value) && 'toRequest' in value && 'toResponse' in value;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
