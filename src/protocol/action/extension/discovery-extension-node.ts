import { list, struct, withDefault } from '../../codec/combinators.ts';
import { discoveryNode } from '../../codec/discovery-node.ts';
import { joined } from '../../codec/joined.ts';
import { vInt } from '../../codec/primitives.ts';
import { extensionDependency } from './extension-dependency.ts';

/**
 * DiscoveryNode (plain form), `vInt` minimum compatible version id, `list` of dependencies. Of an extension `id` is its unique id and `name` its
 * name; a node writes all of its built-in roles for it.
 *
 * @see wire-format.md §11.12, extensions.md §2.5
 */
export const discoveryExtensionNode = joined(
  discoveryNode,
  struct({ minimumCompatibleVersionId: vInt, dependencies: withDefault(list(extensionDependency), []) }),
  'DiscoveryExtensionNode',
);
