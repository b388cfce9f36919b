import { list, struct } from '../../codec/combinators.ts';
import { string } from '../../codec/primitives.ts';
import { defineAction } from '../define-action.ts';
import { acknowledgedResponse } from './acknowledged-response.ts';
import { writeableSetting } from './writeable-setting.ts';

/** Extension to node: `str` unique id, `list` of WriteableSetting. */
export const registerCustomSettingsRequest = struct(
  { uniqueId: string, settings: list(writeableSetting) },
  'RegisterCustomSettingsRequest',
);

/**
 * Registers settings of an extension. A key that exists is an error *and is unregistered*: never repeat this request.
 *
 * @see extensions.md §1.6
 */
export const registerCustomSettings = defineAction({
  name: 'internal:discovery/registercustomsettings',
  request: registerCustomSettingsRequest,
  response: acknowledgedResponse,
  summary: 'Registers the settings of an extension',
});
