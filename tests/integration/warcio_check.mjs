// Reads every *.warc.gz of a folder with npm warcio, a reader that is not ours.
//   node warcio_check.mjs FOLDER
// Prints {file, type, uri, offset} as one JSON line a record. Exit 1 at the first fault: a file that does not
// begin with a warcinfo; a record that is not a gzip member of its own, has another length than it says, or a
// digest that does not hold.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { WARCParser } from "warcio";

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node warcio_check.mjs FOLDER");
  process.exit(2);
}

function base32(bytes) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[parseInt(five.padEnd(5, "0"), 2)]).join("");
}

const sha1 = (bytes) => `sha1:${base32(createHash("sha1").update(bytes).digest())}`;

function expect(holds, words) {
  if (!holds) throw new Error(words);
}

/** Each record as warcio sees it, and where it says that the record begins. */
async function recordsOf(bytes) {
  const records = [];
  const parser = new WARCParser([bytes]);
  for await (const record of parser) {
    const { offset } = parser;
    await record.skipFully();
    records.push({ record, offset });
  }
  return records;
}

/** `member`, inflated by itself, must be exactly the record that warcio saw. */
function checkRecord(record, member) {
  const inflated = gunzipSync(member);
  const block = inflated.subarray(inflated.indexOf("\r\n\r\n") + 4, -4);
  expect(inflated.subarray(0, 10).toString("latin1") === "WARC/1.1\r\n", "it does not begin with WARC/1.1");
  expect(inflated.subarray(-4).toString("latin1") === "\r\n\r\n", "two line ends are missing behind it");
  expect(block.length === record.warcContentLength, "its Content-Length is not the length of its block");
  expect(record.warcHeader("WARC-Block-Digest") === sha1(block), "its block digest does not hold");
  if (record.warcType === "request" || record.warcType === "response") checkHttp(record, block);
  if (record.warcType === "revisit") checkRevisit(record, block);
}

function checkHttp(record, block) {
  const body = block.subarray(block.indexOf("\r\n\r\n") + 4);
  expect(record.warcHeader("WARC-Payload-Digest") === sha1(body), "its payload digest does not hold");
  const headers = record.httpHeaders?.headers;
  expect(headers, "it has no HTTP head");
  expect(!headers.has("transfer-encoding"), "it keeps a Transfer-Encoding that is not true any more");
  const length = headers.get("content-length");
  if (record.warcType === "response" && (body.length > 0 || length !== null))
    expect(length === String(body.length), `its head says ${length} bytes, its body has ${body.length}`);
}

function checkRevisit(record, block) {
  expect(block.subarray(-4).toString("latin1") === "\r\n\r\n", "a revisit holds more than its head");
  for (const name of ["WARC-Profile", "WARC-Payload-Digest", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"])
    expect(record.warcHeader(name), `a revisit without ${name}`);
}

async function checkFile(name) {
  const bytes = readFileSync(join(folder, name));
  try {
    gunzipSync(bytes); // first of all: of a file that ends inside a member, warcio never finds the end
  } catch (error) {
    throw new Error(`${name}: not whole gzip members: ${error.message}`);
  }
  const records = await recordsOf(bytes);
  expect(records.length > 0, `${name}: no record in it`);
  expect(records[0].record.warcType === "warcinfo" && records[0].offset === 0, `${name}: no warcinfo at its begin`);
  for (const [index, { record, offset }] of records.entries()) {
    const type = record.warcType;
    try {
      checkRecord(record, bytes.subarray(offset, records[index + 1]?.offset ?? bytes.length));
    } catch (error) {
      throw new Error(`${name}: ${type} at offset ${offset}: ${error.message}`);
    }
    console.log(JSON.stringify({ file: name, type, uri: record.warcTargetURI ?? null, offset }));
  }
}

try {
  for (const name of readdirSync(folder).sort()) if (name.endsWith(".warc.gz")) await checkFile(name);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
