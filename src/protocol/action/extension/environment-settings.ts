import { settings } from '../../codec/settings.ts';
import { defineAction } from '../define-action.ts';
import { extensionRequest } from './extension-request.ts';

/** The settings the node was started with. The misspelling is OpenSearch's. @see extensions.md §1.3 no. 7 */
export const extensionEnvironmentSettings = defineAction({
  name: 'internal:discovery/enviornmentsettings',
  request: extensionRequest('REQUEST_EXTENSION_ENVIRONMENT_SETTINGS'),
  response: settings,
  summary: 'Gives an extension the settings its node was started with',
  idempotent: true,
});
