import { list, struct } from '../../codec/combinators.ts';
import { defineAction } from '../define-action.ts';
import { acknowledgedResponse } from './acknowledged-response.ts';
import { discoveryExtensionNode } from './discovery-extension-node.ts';
import { writeableSetting } from './writeable-setting.ts';

/** Extension to node: the extension, `list` of WriteableSetting. */
export const addSettingsUpdateConsumerRequest = struct(
  { extensionNode: discoveryExtensionNode, settings: list(writeableSetting) },
  'AddSettingsUpdateConsumerRequest',
);

/**
 * Subscribes an extension to changes of settings. 2.19 always answers false; asking twice subscribes twice.
 *
 * @see extensions.md §1.6
 */
export const addSettingsUpdateConsumer = defineAction({
  name: 'internal:discovery/addsettingsupdateconsumer',
  request: addSettingsUpdateConsumerRequest,
  response: acknowledgedResponse,
  summary: 'Subscribes an extension to changes of settings',
});
