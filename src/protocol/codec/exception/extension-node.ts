import type { StreamInput } from '../../wire/stream-input.ts';
import { isOpenSearchVersion, versionParts } from '../../wire/version.ts';
import type { Codec, InOf, OutOf } from '../codec.ts';
import { list, optional, struct } from '../combinators.ts';
import { discoveryNodeWithAttributes } from '../discovery-node.ts';
import { string, version, vInt } from '../primitives.ts';

/** The fields that the node of an extension has after those of a node. @see extensions.md §2.5 */
const extensionPart = struct({
  minimumCompatibleVersionId: vInt,
  dependencies: list(struct({ uniqueId: string, version })),
});

type Node = OutOf<typeof discoveryNodeWithAttributes>;
type NodeInit = InOf<typeof discoveryNodeWithAttributes>;
type ExtensionPart = OutOf<typeof extensionPart>;

/** A node, or the node of an extension, which has two more fields. */
export type NodeOfException = Node | (Node & ExtensionPart);

/**
 * DiscoveryNode; if the node is an extension, also `vInt` minimum compatible version id, `list` { `str` unique id, `vInt` version }.
 *
 * The stream does not say which of the two it holds. A node is followed by the end, or by the count of an enclosing exception's stack frames. A
 * version id is greater than any count that fits into the message.
 *
 * @see extensions.md §2.3
 */
const nodeOfException: Codec<NodeOfException, NodeInit | (NodeInit & ExtensionPart)> = {
  schema: { kind: 'custom', name: 'discoveryNodeOrExtensionNode' },
  read: (input) => {
    const node = discoveryNodeWithAttributes.read(input);
    return versionFollows(input) ? { ...node, ...extensionPart.read(input) } : node;
  },
  write: (output, value) => {
    discoveryNodeWithAttributes.write(output, value);
    if ('minimumCompatibleVersionId' in value) extensionPart.write(output, value);
  },
};

/** `bool`, then the node. */
export const optionalNodeOfException = optional(nodeOfException);

/** Smallest size of a version id as vInt. */
const VERSION_BYTES = 4;

function versionFollows(input: StreamInput): boolean {
  if (input.remaining < VERSION_BYTES) return false;
  const offset = input.offset;
  try {
    const id = input.readVInt();
    return id > input.remaining && isOpenSearchVersion(id) && versionParts(id).major < 10;
  } catch {
    return false;
  } finally {
    input.rewind(offset);
  }
}
