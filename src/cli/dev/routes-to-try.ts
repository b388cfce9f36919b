/** A route of an extension: `GET /hello/{name}`. */
export interface RouteToTry {
  readonly method: string;
  readonly path: string;
}

/** Methods whose requests have a body. */
const WITH_BODY: readonly string[] = ['POST', 'PUT', 'PATCH'];

/** Returns the URL of a route at a node, with the names of its parameters as their values. */
export function urlOf(httpUrl: string, uniqueId: string, { path }: RouteToTry): string {
  const filled = path.replace(/\{([^}]*)\}/g, (_, name: string) => encodeURIComponent(name));
  return `${httpUrl}/_extensions/_${uniqueId}${filled === '/' ? '' : filled}`;
}

/** Returns a command for a shell that asks for each route. */
export function curlLines(httpUrl: string, uniqueId: string, routes: readonly RouteToTry[]): string[] {
  return routes.map((route) => {
    const url = `'${urlOf(httpUrl, uniqueId, route)}'`;
    if (route.method === 'GET') return `curl ${url}`;
    if (route.method === 'HEAD') return `curl -I ${url}`;
    const body = WITH_BODY.includes(route.method) ? ` -H 'Content-Type: application/json' -d '{}'` : '';
    return `curl -X ${route.method} ${url}${body}`;
  });
}
