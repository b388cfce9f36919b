/** What the compiler makes of an extension's routes: their parameters come from the text of the path. */
import {
  type Extension,
  type ExtensionRequest,
  json,
  type QueryParams,
  response,
  type RouteHandler,
  StatusError,
  text,
} from '../../src/extension/index.ts';
import { type Equal, holds } from './expect-type.ts';

/** Never called: the compiler reads it. */
export function routes(ext: Extension, dynamic: string): void {
  ext.get('/hello/{name}', ({ params, query, body, signal }) => {
    holds<Equal<typeof params, { readonly name: string }>>();
    holds<Equal<typeof query, QueryParams>>();
    holds<Equal<typeof signal, AbortSignal>>();
    // @ts-expect-error the path has no such parameter
    void params.nme;
    // @ts-expect-error parameters are read only
    params.name = 'x';
    return { greeting: params.name, size: body.bytes.length };
  });

  ext.put('/{index}/notes/{id}', ({ params }) => {
    holds<Equal<keyof typeof params, 'index' | 'id'>>();
    return json(params, { status: 201 });
  });

  ext.get('/hello', ({ params }) => {
    holds<Equal<keyof typeof params, never>>();
    return 'hello';
  });

  // Of a path that is no literal any parameter may be asked for.
  ext.get(dynamic, ({ params }) => params['name'] ?? text('nobody'));

  ext
    .post('/a', () => undefined)
    .delete('/a', async () => Buffer.from('gone'))
    .head('/a', () => response({ status: 204 }))
    .patch('/a', () => {
      throw new StatusError(409, 'version_conflict_engine_exception', 'somebody was faster');
    })
    .route('OPTIONS', '/a', () => null, { uniqueName: 'a_options' })
    .deprecated('GET', '/old', 'use /a', () => 'old');

  // @ts-expect-error nodes answer TRACE themselves
  ext.route('TRACE', '/a', () => null);
  // @ts-expect-error there is no such option
  ext.get('/b', () => null, { name: 'b' });
  // @ts-expect-error a symbol is no answer
  ext.get('/c', () => Symbol('c'));
}

export const handler: RouteHandler<'/x/{y}'> = (request: ExtensionRequest<{ readonly y: string }>) => request.params.y;
