import { createExtension } from './extension.js';

const ext = createExtension(Number(process.env.PORT ?? 4500));
const { host, port } = await ext.listen();
console.log(`listening on ${host}:${port}`);

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void ext.close());
