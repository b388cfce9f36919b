import { bulk } from '../protocol/action/docs/bulk.ts';
import { deleteDocument } from '../protocol/action/docs/delete-document.ts';
import { get } from '../protocol/action/docs/get.ts';
import { indexDocument } from '../protocol/action/docs/index-document.ts';
import { updateDocument } from '../protocol/action/docs/update-document.ts';
import type { AnyAction } from '../protocol/action/define-action.ts';
import { createIndex } from '../protocol/action/indices/create-index.ts';
import { deleteIndex } from '../protocol/action/indices/delete-index.ts';
import { refresh } from '../protocol/action/indices/refresh.ts';
import { restBulk } from '../protocol/rest/docs/bulk.ts';
import { restDelete } from '../protocol/rest/docs/delete-document.ts';
import { restGet, restGetSource } from '../protocol/rest/docs/get.ts';
import { restCreate, restIndex, restIndexAutoId } from '../protocol/rest/docs/index-document.ts';
import { restUpdate } from '../protocol/rest/docs/update-document.ts';
import { restCreateIndex } from '../protocol/rest/indices/create-index.ts';
import { restDeleteIndex } from '../protocol/rest/indices/delete-index.ts';
import { restRefresh } from '../protocol/rest/indices/refresh.ts';
import type { RestAction } from '../protocol/rest/rest-action.ts';
import type { NodeParts } from './node-parts.ts';
import { type NativeHandler, registerTwin } from './rest/rest-twin.ts';
import { installSearch } from './search/rest-search.ts';
import { DocumentStore, type DocumentStoreOptions } from './store/document-store.ts';
import { StoreHandlers } from './store/handlers.ts';
import { asNodeError } from './store/native-errors.ts';
import { installOtherEndpoints } from './store/other-endpoints.ts';
import { installMget } from './store/rest-mget.ts';
import { installIndices } from './store/rest-indices.ts';

/** Serves indices, documents and searches over REST, and the native actions for them. @returns the store: close it with the node */
export function installStore({ controller, server, facts }: NodeParts, options: DocumentStoreOptions = {}): DocumentStore {
  const store = new DocumentStore({ ...options, major: facts.major });
  const handlers = new StoreHandlers(store);
  const serve = <A extends AnyAction>(action: A, forms: readonly RestAction[], handler: NativeHandler<A>, restHandler = handler): void => {
    server.handle(action, nativeForm(handler) as never);
    for (const form of forms) registerTwin(controller, form, action, restHandler);
  };
  serve(
    get,
    [restGet, restGetSource],
    (request) => handlers.get(request),
    // Over REST, a document in another format is shown as JSON.
    async (request) => handlers.asJson(await handlers.get(request)),
  );
  serve(indexDocument, [restIndex, restIndexAutoId, restCreate], (request) => handlers.index(request));
  serve(deleteDocument, [restDelete], (request) => handlers.delete(request));
  serve(updateDocument, [restUpdate], (request) => handlers.update(request));
  serve(bulk, [restBulk], (request) => handlers.bulk(request));
  serve(createIndex, [restCreateIndex], (request) => handlers.create(request));
  serve(deleteIndex, [restDeleteIndex], (request) => handlers.deleteIndices(request));
  serve(refresh, [restRefresh], (request) => handlers.refresh(request));
  installIndices(controller, store, facts);
  installMget(controller, handlers);
  installSearch(controller, store, facts);
  installOtherEndpoints(controller);
  facts.useIndices(() => store.indices());
  return store;
}

/** Makes the errors of a handler those of a node. */
function nativeForm<A extends AnyAction>(handler: NativeHandler<A>): NativeHandler<A> {
  return async (request, context) => {
    try {
      return await handler(request, context);
    } catch (error) {
      throw asNodeError(error);
    }
  };
}
