import { settings } from '../../codec/settings.ts';
import { defineAction } from '../define-action.ts';
import { extensionRequest } from './extension-request.ts';

/** The settings the node was started with, not the cluster's dynamic ones. @see extensions.md §1.3 no. 8 */
export const extensionClusterSettings = defineAction({
  name: 'internal:discovery/clustersettings',
  request: extensionRequest('REQUEST_EXTENSION_CLUSTER_SETTINGS'),
  response: settings,
  summary: 'Gives an extension the settings its node was started with',
  idempotent: true,
});
