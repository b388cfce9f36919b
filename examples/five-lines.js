// An OpenSearch extension in five lines. Run it with `npx ostp dev examples/five-lines.js`.
import { extension } from 'opensearch-transport/extension';
const ext = extension({ port: 4500 });
ext.get('/hello', () => 'Hello, world');
ext.get('/hello/{name}', ({ params }) => ({ greeting: `Hello, ${params.name}` }));
await ext.listen();
