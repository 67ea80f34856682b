// Opens WACZ files in ReplayWeb.page in a real Chromium, which reaches nothing but this process.
//   node replay.mjs CASES.json
// A case: {file, url, at, texts: […], images: how many}. Prints a line for each; exit 1 where one was not shown.
// The replay is asked once more where it did not come up: its service worker may start too late.
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const PLAYER = new URL("replay/node_modules/replaywebpage/", import.meta.url);
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];
const INDEX = '<!doctype html><meta charset="utf-8"><title>x</title><script src="./ui.js"></script><replay-app-main></replay-app-main>';
const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));

function giveFile(request, response, file) {
  const { size } = statSync(file);
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  const headers = { "Content-Type": "application/wacz", "Accept-Ranges": "bytes" };
  let start = 0, end = size - 1;
  if (first !== undefined) {
    start = first === "" ? Math.max(size - Number(last), 0) : Number(first);
    end = first === "" || last === "" ? end : Math.min(Number(last), end);
    headers["Content-Range"] = `bytes ${start}-${end}/${size}`;
  }
  response.writeHead(first === undefined ? 200 : 206, { ...headers, "Content-Length": end - start + 1 });
  if (request.method === "HEAD") return response.end();
  createReadStream(file, { start, end }).pipe(response);
}

const server = createServer((request, response) => {
  const path = new URL(request.url, "http://x").pathname;
  const number = /^\/(\d+)\.wacz$/.exec(path)?.[1];
  if (number !== undefined && cases[number]) return giveFile(request, response, cases[number].file);
  const script = path === "/ui.js" || path === "/sw.js";
  if (path !== "/" && !script) return response.writeHead(404).end();
  response.writeHead(200, { "Content-Type": script ? "text/javascript" : "text/html" });
  response.end(script ? readFileSync(new URL(path.slice(1), PLAYER)) : INDEX);
}).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

/** What a frame shows: its text, and the width of every image that is to be seen. */
const look = () => ({
  text: document.body?.innerText ?? "",
  title: document.title,
  widths: [...document.images].map((image) => (image.complete ? image.naturalWidth : 0)),
});

/** The text and images of the frame that shows what is asked for; else why not. */
async function shown(page, { texts, images }) {
  let best = "nothing was shown";
  for (const end = Date.now() + 25000; Date.now() < end; await page.waitForTimeout(250)) {
    for (const frame of page.frames()) {
      const seen = await frame.evaluate(look).catch(() => null);
      if (!seen || !frame.url().includes("mp_/")) continue;
      const missing = texts.filter((text) => !seen.text.includes(text));
      const whole = seen.widths.filter((width) => width > 0).length;
      if (missing.length === 0 && whole === images && seen.widths.length === images) return { ...seen, url: frame.url() };
      best = `missing ${JSON.stringify(missing)}, images ${JSON.stringify(seen.widths)} in ${JSON.stringify(seen.text.slice(0, 300))}`;
    }
  }
  return { fault: best };
}

async function replay(number) {
  const { url, at } = cases[number];
  const folder = mkdtempSync(join(tmpdir(), "cdtd-chromium-"));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });
  const outside = [];
  context.on("request", (request) => {
    if (!/^(blob:|data:)/.test(request.url()) && new URL(request.url()).origin !== origin) outside.push(request.url());
  });
  try {
    const page = context.pages()[0] ?? await context.newPage();
    const ts = at.replace(/\D/g, "").slice(0, 14);
    await page.goto(`${origin}/?source=${encodeURIComponent(`${origin}/${number}.wacz`)}#view=resources&url=${encodeURIComponent(url)}&ts=${ts}`);
    const seen = await shown(page, cases[number]);
    return seen.fault ? { ...seen, outside } : { title: seen.title, images: seen.widths.length, frame: seen.url, outside };
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const number of cases.keys()) {
  let seen = await replay(number);
  if (seen.fault) seen = { ...await replay(number), again: true };
  console.log(JSON.stringify({ url: cases[number].url, ...seen }));
  if (seen.fault) process.exitCode = 1;
}
server.close();
server.closeAllConnections();
