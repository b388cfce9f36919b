import { list } from '../../codec/combinators.ts';
import { defineAction } from '../define-action.ts';
import { discoveryExtensionNode } from './discovery-extension-node.ts';
import { extensionRequest } from './extension-request.ts';

/** Node to extension: `list` of extensions. */
export const dependencyInformationResponse = list(discoveryExtensionNode);

/**
 * Which extensions depend on the one of the request, in the version of the node itself. No unique id, no extensions.
 *
 * @see extensions.md §1.3 no. 10
 */
export const extensionDependencyInformation = defineAction({
  name: 'internal:discovery/dependencyinformation',
  request: extensionRequest('REQUEST_EXTENSION_DEPENDENCY_INFORMATION'),
  response: dependencyInformationResponse,
  summary: 'Lists the extensions that depend on one',
  idempotent: true,
});
