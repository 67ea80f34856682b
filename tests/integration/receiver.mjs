// A webhook receiver that answers by a script and verifies every signature with both npm packages,
// standardwebhooks and svix.
//   node receiver.mjs SECRET FILE ['[500, 200]' | '{"/path": [steps], …}']
// Prints the port of 127.0.0.1 that it listens on, then appends {at, path, method, id, type, timestamp, ok, status,
// body} to FILE as one JSON line a request; `ok`: the signature holds, for both. A step is a status, or {status,
// headers, delay: ms before the answer, bytes: of the answer, slow: ms between its pieces, hang: true}. The last one of
// a list repeats; without a list: 200.
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

const maxBody = 1 << 20;
const [secret, file, given = "[200]"] = process.argv.slice(2);
if (!secret || !file) {
  console.error("usage: node receiver.mjs SECRET FILE ['[500, 200]' | '{\"/path\": [steps]}']");
  process.exit(2);
}
const script = JSON.parse(given);
const verifiers = [new Standard(secret), new Svix(secret)];
const served = new Map();

function stepFor(path) {
  const steps = Array.isArray(script) ? script : (script[path] ?? [200]);
  const key = Array.isArray(script) ? "" : path;
  const count = served.get(key) ?? 0;
  served.set(key, count + 1);
  const step = steps[Math.min(count, steps.length - 1)];
  return typeof step === "number" ? { status: step } : { status: 200, ...step };
}

/** Where the signature does not hold: why, on standard error. */
function verified(body, headers) {
  try {
    for (const verifier of verifiers) verifier.verify(body, headers);
    return true;
  } catch (error) {
    console.error(`${headers["webhook-id"]}: ${error.message}`);
    return false;
  }
}

function typeOf(body) {
  try {
    return JSON.parse(body.toString("utf8")).type ?? null;
  } catch {
    return null;
  }
}

function answer(response, step) {
  response.writeHead(step.status, { "content-type": "text/plain", ...step.headers });
  if (step.status === 204 || step.status === 304) return response.end();
  if (!step.bytes) return response.end(`answered ${step.status}\n`);
  const piece = "x".repeat(step.slow ? 1 : 65536);
  let left = step.bytes;
  const more = () => {
    if (left <= 0 || response.destroyed) return response.end();
    left -= piece.length;
    response.write(piece, () => setTimeout(more, step.slow ?? 0));
  };
  more();
}

const server = createServer((request, response) => {
  const chunks = [];
  let size = 0;
  request.on("data", (chunk) => {
    size += chunk.length;
    if (size > maxBody) request.destroy();
    else chunks.push(chunk);
  });
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const signed = "webhook-signature" in request.headers;
    const step = stepFor(request.url);
    const line = {
      at: Date.now() / 1000,
      path: request.url,
      method: request.method,
      id: request.headers["webhook-id"] ?? null,
      type: typeOf(body),
      timestamp: request.headers["webhook-timestamp"] ?? null,
      ok: signed && verified(body, request.headers),
      status: step.hang ? null : step.status,
      body: signed ? undefined : body.toString("utf8"),
    };
    appendFileSync(file, JSON.stringify(line) + "\n");
    if (!step.hang) setTimeout(() => answer(response, step), step.delay ?? 0);
  });
});

// Port 0: the system picks a free one.
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
