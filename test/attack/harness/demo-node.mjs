/** The request with which a node initialises an extension. */
export function initialisation(ownName, versionId, { name = ownName, extensionName = name, uniqueId = name } = {}) {
  const node = {
    name,
    id: 'a'.repeat(22),
    ephemeralId: 'b'.repeat(22),
    hostName: '127.0.0.1',
    hostAddress: '127.0.0.1',
    address: { ip: '7f000001', host: '127.0.0.1', port: 9300 },
    versionId,
  };
  const extension = { ...node, name: extensionName, id: uniqueId, minimumCompatibleVersionId: versionId };
  return { sourceNode: node, extension, serviceAccountHeader: 'noopToken' };
}
