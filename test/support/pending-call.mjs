// Waits for a call over the memory carrier, where no socket keeps the process running, and has to end as soon as nobody waits any more.
const { createClient, createServer, defineAction, struct } = await import(process.argv[2]);
const { memoryCarrier } = await import(process.argv[3]);
const what = process.argv[4];
const never = defineAction({ name: 'demo:never', request: struct({}), response: struct({}) });
const at = defineAction({ name: 'demo:at', request: struct({}), response: struct({}) });

const carrier = memoryCarrier();
const server = createServer({ carrier });
server.handle(never, () => new Promise(() => undefined));
server.handle(at, () => ({}));
const { port } = await server.listen(0);
const interceptors = what === 'interceptor' ? [() => () => new Promise(() => undefined)] : [];
const client = createClient({ nodes: [`127.0.0.1:${port}`], carrier, interceptors });

if (what === 'answered') {
  await client.call(at, {});
  console.log('answered');
} else if (what === 'drain') {
  void client.call(never, {}, { timeoutMs: Infinity }).catch(({ code }) => console.log(code));
  await client.connect();
  await client.close({ drainMs: 200 });
  console.log('closed');
} else {
  console.log(await client.call(never, {}, { timeoutMs: 300 }).catch(({ code }) => code));
}
