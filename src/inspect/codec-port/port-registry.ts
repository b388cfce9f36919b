import { catalogue } from '../../protocol/action/catalogue.ts';
import { extensionMessages } from '../../protocol/action/extension/messages.ts';
import { writeableSetting } from '../../protocol/action/extension/writeable-setting.ts';
import { exception } from '../../protocol/codec/exception/exception.ts';
import { queryType } from './query-type.ts';
import { createRegistry, type Registry } from './registry.ts';

/** Everything this package has a codec for. */
export const portRegistry: Registry = createRegistry({
  actions: catalogue,
  messages: extensionMessages,
  codecs: { exception, writeableSetting },
  types: { query: queryType },
});
