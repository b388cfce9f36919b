// An extension with a setting that can be changed while everything runs. Run it with `npx ostp dev examples/greeter-settings.js`, then
//   curl localhost:9200/_extensions/_greeter-settings/hello/Ada
//   curl -XPUT localhost:9200/_cluster/settings -H 'Content-Type: application/json' -d '{"persistent":{"custom.greeter.greeting":"Ahoy"}}'
// The node refuses values that are not of the setting's type, or outside its bounds.
import { extension, setting } from 'opensearch-transport/extension';

const ext = extension({ port: Number(process.env.PORT ?? 4500) });

const greeting = ext.setting(setting.string('custom.greeter.greeting', { default: 'Hello', dynamic: true, matches: /^\w+$/ }));
const repeat = ext.setting(setting.integer('custom.greeter.repeat', { default: 1, min: 1, max: 5, dynamic: true }));

greeting.onChange((value) => console.log(`the greeting is now ${value}`));

ext.get('/hello/{name}', ({ params }) => {
  const text = `${greeting.value}, ${params.name}`;
  return { greeting: Array(repeat.value).fill(text).join('! ') };
});

await ext.listen();
