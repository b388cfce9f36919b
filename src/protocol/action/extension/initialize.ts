import type { Codec } from '../../codec/codec.ts';
import { list, struct, withDefault } from '../../codec/combinators.ts';
import { discoveryNode } from '../../codec/discovery-node.ts';
import { string } from '../../codec/primitives.ts';
import { defineAction } from '../define-action.ts';
import { discoveryExtensionNode } from './discovery-extension-node.ts';

/**
 * `str`, or nothing at the very end of the message: nodes before 2.10 do not send it, and no stream version tells. Null is nothing.
 *
 * @see extensions.md §1.3 no. 3
 */
const serviceAccountHeader: Codec<string | null> = {
  schema: { kind: 'optional', of: string.schema },
  read: (input) => (input.remaining === 0 ? null : string.read(input)),
  write: (output, value) => {
    if (value !== null) string.write(output, value);
  },
};

/** Node to extension: who you are. DiscoveryNode of the node (plain form), the extension, `str` token. */
export const initializeExtensionRequest = struct(
  {
    sourceNode: discoveryNode,
    extension: discoveryExtensionNode,
    serviceAccountHeader: withDefault(serviceAccountHeader, ''),
  },
  'InitializeExtensionRequest',
);

/** Extension to node: `str` the name the node was told, or it never counts as initialised; `list str` interfaces, any. */
export const initializeExtensionResponse = struct(
  { name: string, implementedInterfaces: withDefault(list(string), []) },
  'InitializeExtensionResponse',
);

/**
 * The first request a node sends to an extension after the handshakes.
 *
 * @see extensions.md §1.3 no. 3
 */
export const initializeExtension = defineAction({
  name: 'internal:discovery/extensions',
  request: initializeExtensionRequest,
  response: initializeExtensionResponse,
  summary: 'A node tells an extension its name and unique id',
});
