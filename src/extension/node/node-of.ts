import type { ServerCallContext } from '../../transport/call/server-context.ts';
import type { HostNode } from './host-node.ts';

/**
 * Returns the node that sent a request, or null if it cannot be told. Only the connection that initialised the extension is known to be its node's; the other
 * connections of a node come from the same host.
 */
export function nodeOf(nodes: readonly HostNode[], { channel, remote }: ServerCallContext): HostNode | null {
  const own = nodes.find((node) => node.channel.ended === channel.ended);
  if (own !== undefined) return own;
  const near = nodes.filter((node) => node.channel.remote.host === remote.host);
  return near.length === 1 ? (near[0] ?? null) : null;
}
