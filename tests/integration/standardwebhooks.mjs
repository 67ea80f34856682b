// A webhook receiver that answers by a script and verifies every signature with the npm package
// standardwebhooks.
//   node standardwebhooks.mjs SECRET FILE ['[500, 200]']
// Prints the port of 127.0.0.1 that it listens on, then appends {id, type, ok, status} to FILE as one JSON
// line a request; `ok`: the signature holds. The last status of the list repeats; without a list: 200.
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const maxBody = 1 << 20;
const [secret, file, script = "[200]"] = process.argv.slice(2);
if (!secret || !file) {
  console.error("usage: node standardwebhooks.mjs SECRET FILE ['[500, 200]']");
  process.exit(2);
}
const statuses = JSON.parse(script);
const isStatus = (status) => Number.isInteger(status) && status >= 200 && status <= 599;
if (!Array.isArray(statuses) || statuses.length === 0 || !statuses.every(isStatus)) {
  console.error(`not a list of HTTP statuses: ${script}`);
  process.exit(2);
}
const webhook = new Webhook(secret);
let served = 0;

/** The event where the signature holds; else null and why on standard error. */
function verified(body, headers) {
  try {
    return webhook.verify(body, headers);
  } catch (error) {
    console.error(`${headers["webhook-id"]}: ${error.message}`);
    return null;
  }
}

function typeOf(body) {
  try {
    return JSON.parse(body.toString("utf8")).type ?? null;
  } catch {
    return null;
  }
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
    const event = request.method === "POST" ? verified(body, request.headers) : null;
    const status = statuses[Math.min(served++, statuses.length - 1)];
    const id = request.headers["webhook-id"] ?? null;
    appendFileSync(file, JSON.stringify({ id, type: typeOf(body), ok: event !== null, status }) + "\n");
    response.writeHead(status, { "content-type": "text/plain" });
    response.end(status === 204 || status === 304 ? undefined : `answered ${status}\n`);
  });
});

// Port 0: the system picks a free one.
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
