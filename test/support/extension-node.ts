import type { DiscoveryExtensionNode } from '../../src/protocol/action/extension/both-ways.ts';
import { V_2_19_0 } from '../../src/protocol/wire/version.ts';

/** An extension as its node sees it. */
export function extensionNode(over: Partial<DiscoveryExtensionNode>): DiscoveryExtensionNode {
  return {
    id: 'hello',
    name: 'hello',
    ephemeralId: 'e',
    hostName: 'localhost',
    hostAddress: '127.0.0.1',
    address: { host: 'localhost', ip: '7f000001', port: 4500 },
    streamAddress: null,
    attributes: {},
    roles: [],
    versionId: V_2_19_0,
    minimumCompatibleVersionId: V_2_19_0,
    dependencies: [],
    ...over,
  };
}
