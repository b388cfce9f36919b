// Takes large uploads of NDJSON, and keeps each in a file with its SHA-256. Run it with `npx ostp dev examples/upload.js`, then
//   curl -XPUT localhost:9200/_extensions/_upload/uploads/logs -H 'Content-Type: application/x-ndjson' --data-binary @logs.ndjson
//
// A node passes a body on in one piece, of at most 100 MB (`http.max_content_length`). The extension works on it in parts, so that it can answer other
// requests in between and stop when the time for the answer is over.
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extension, json, StatusError } from 'opensearch-transport/extension';

const MIB = 1024 * 1024;
const PART_BYTES = MIB;
const NEWLINE = 10;

const folder = process.env.UPLOADS ?? join(tmpdir(), 'opensearch-uploads');
await mkdir(folder, { recursive: true });

const ext = extension({ port: Number(process.env.PORT ?? 4500) });

ext.put('/uploads/{name}', async ({ params, body, signal }) => {
  const path = pathOf(params.name);
  const part = `${path}.${process.pid}-${performance.now()}.part`;
  try {
    const facts = await store(part, body.bytes, signal);
    await writeFile(`${path}.json`, JSON.stringify(facts));
    await rename(part, path);
    return json(facts, { status: 201 });
  } finally {
    await rm(part, { force: true });
  }
});

ext.get('/uploads/{name}', async ({ params }) => {
  const facts = await readFile(`${pathOf(params.name)}.json`, 'utf8').catch(() => null);
  if (facts === null) throw new StatusError(404, 'upload_not_found_exception', `no such upload [${params.name}]`);
  return JSON.parse(facts);
});

await ext.listen();

/** Writes bytes to a file, part by part, and returns their size, hash and number of lines. */
async function store(path, bytes, signal) {
  const hash = createHash('sha256');
  let lines = 0;
  const file = await open(path, 'w');
  try {
    for (let at = 0; at < bytes.length; at += PART_BYTES) {
      signal.throwIfAborted();
      const part = bytes.subarray(at, at + PART_BYTES);
      hash.update(part);
      for (let end = part.indexOf(NEWLINE); end !== -1; end = part.indexOf(NEWLINE, end + 1)) lines++;
      await file.writeFile(part);
    }
  } finally {
    await file.close();
  }
  return { bytes: bytes.length, lines, sha256: hash.digest('hex') };
}

/** Returns the file of an upload. The name is part of a path, so it must not lead out of the folder. */
function pathOf(name) {
  if (!/^[\w-]{1,64}$/.test(name))
    throw new StatusError(400, 'illegal_argument_exception', `name must be letters, digits, _ or -, got [${name}]`);
  return join(folder, name);
}
