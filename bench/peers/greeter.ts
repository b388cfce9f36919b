import { type Extension, extension } from 'opensearch-transport/extension';

/** The extension of the README. */
export function greeter(): Extension {
  return extension({ port: 0 }).get('/hello/{name}', ({ params }) => ({ greeting: `Hello, ${params.name}` }));
}
