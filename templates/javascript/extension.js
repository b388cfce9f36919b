import { extension, json, StatusError } from 'opensearch-transport/extension';

/** Greetings by name, for as long as the extension runs. */
const greetings = new Map();

/** Makes the extension. A function, so that each test can have one of its own. */
export function createExtension(port = 4500) {
  const ext = extension({ port });

  ext.get('/hello', () => ({ greeting: 'Hello, world' }));

  ext.get('/hello/{name}', ({ params }) => ({ greeting: `${greetings.get(params.name) ?? 'Hello'}, ${params.name}` }));

  ext.put('/hello/{name}', ({ params, body }) => {
    const { greeting } = body.json();
    if (typeof greeting !== 'string') throw new StatusError(400, 'illegal_argument_exception', 'greeting must be a string');
    greetings.set(params.name, greeting);
    return json({ saved: true }, { status: 201 });
  });

  return ext;
}
