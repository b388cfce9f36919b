import { enumeration, struct } from '../../codec/combinators.ts';
import { genericValue } from '../../codec/generic-value.ts';
import { defineAction } from '../define-action.ts';
import { acknowledgedResponse } from './acknowledged-response.ts';
import { SETTING_TYPES } from './setting-type.ts';
import { writeableSetting } from './writeable-setting.ts';

/** Node to extension: `enum` type, WriteableSetting, the new value as a generic value (tags 0–5 only). */
export const updateSettingsRequest = struct(
  { settingType: enumeration('SettingType', SETTING_TYPES), setting: writeableSetting, data: genericValue },
  'UpdateSettingsRequest',
);

/**
 * Tells an extension the new value of a setting it subscribed to; the node only logs the answer.
 *
 * @see extensions.md §1.6
 */
export const updateSettings = defineAction({
  name: 'internal:discovery/updatesettings',
  request: updateSettingsRequest,
  response: acknowledgedResponse,
  summary: 'Tells an extension the new value of a setting',
});
