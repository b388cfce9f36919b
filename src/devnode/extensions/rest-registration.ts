import type { RegisterRestActionsRequest } from '../../protocol/action/extension/extension-to-node.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import type { HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';
import type { RestController } from '../rest/rest-controller.ts';
import type { RestHandler } from '../rest/rest-handler.ts';
import type { Deprecations } from './deprecations.ts';
import type { InstalledExtension } from './installed-extension.ts';
import { illegalArgument, illegalState } from './node-errors.ts';
import { forwardTo, routePrefix, type UnfitListener } from './rest-forwarding.ts';
import type { DeprecatedRoute, RouteBook } from './route-book.ts';

const HANDLER_CLASS = 'org.opensearch.extensions.rest.RestSendToExtensionAction';

/** Printable ASCII: what a message of a header may have. */
const HEADER_TEXT = /^[\t\x20-\x7e]+$/;

/** What the registration of routes needs of its node. */
export interface RestRegistrationOptions {
  readonly controller: RestController;
  readonly book: RouteBook;
  readonly deprecations: Deprecations;
  /** Time that an extension has for a REST request, in milliseconds. */
  readonly timeoutMs: number;
  readonly find: (uniqueId: string) => InstalledExtension | undefined;
  readonly onDeprecated: (uniqueId: string, message: string) => void;
  readonly onUnfit: UnfitListener;
}

/**
 * Registers the routes of extensions. A registration that fails while its list is read leaves nothing but taken names; one that fails later leaves the
 * routes before the bad one. A second registration with routes is refused.
 *
 * @see extensions.md §1.4
 */
export class RestRegistration {
  readonly #options: RestRegistrationOptions;
  /** Ids of extensions whose routes a registration has begun to enter. */
  readonly #entered = new Set<string>();

  constructor(options: RestRegistrationOptions) {
    this.#options = options;
  }

  /** Registers routes and returns them as `GET /path`. @throws RemoteError in the words of a node */
  register({ uniqueId, restActions, deprecatedRestActions }: RegisterRestActionsRequest): readonly string[] {
    const { find, book, timeoutMs, onUnfit } = this.#options;
    const extension = find(uniqueId ?? '');
    if (extension === undefined) throw illegalState(`Missing extension node for ${uniqueId ?? ''}`);
    const prefix = routePrefix(extension.uniqueId);
    const routes = book.take(prefix, restActions);
    const deprecated = book.readDeprecated(prefix, deprecatedRestActions);
    if (routes.length > 0) this.#enter(extension.uniqueId);
    const handler = forwardTo(extension, timeoutMs, onUnfit);
    const registered: string[] = [];
    const add = ({ method, path }: { readonly method: HttpMethod; readonly path: string }, served: RestHandler): void => {
      this.#add(method, path, served);
      registered.push(`${method} ${path.slice(prefix.length)}`);
      extension.routes.push(`${method} ${path.slice(prefix.length)}`);
    };
    for (const route of routes) add(route, handler);
    for (const route of deprecated) add(route, this.#deprecated(extension, route, handler));
    return registered;
  }

  /** @throws RemoteError for the second time: the handler of a node has a name of its own for each extension */
  #enter(uniqueId: string): void {
    if (!this.#entered.has(uniqueId)) {
      this.#entered.add(uniqueId);
      return;
    }
    const name = `${uniqueId}:send_to_extension_action`;
    const text = `handler of type [${HANDLER_CLASS}] conflicts with handler of type [${HANDLER_CLASS}] as they both have the same name [${name}]`;
    throw illegalArgument(text);
  }

  #deprecated({ uniqueId }: InstalledExtension, { message }: DeprecatedRoute, handler: RestHandler): RestHandler {
    const { deprecations, onDeprecated } = this.#options;
    if (message.trim() === '' || !HEADER_TEXT.test(message)) throw illegalArgument('header value must contain only US ASCII text');
    return deprecations.wrap(handler, message, () => onDeprecated(uniqueId, message));
  }

  #add(method: HttpMethod, path: string, handler: RestHandler): void {
    try {
      this.#options.controller.register(method, path, handler);
    } catch (error) {
      throw error instanceof StatusError ? illegalArgument(error.reason) : error;
    }
  }
}
