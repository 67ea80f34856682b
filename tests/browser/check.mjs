// node check.mjs FILE: [{name, raw, html}], what was attacked with and what was kept of it. Fails where a second
// parser or a browser finds anything in the kept HTML that is not allowed, or where it does anything at all; and
// where the attacks do not work when nobody cleans them, for then nothing is shown.
import {readFileSync} from 'node:fs';
import {faultsOfParser} from './second_parser.mjs';
import {Browser} from './browser.mjs';

const vectors = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const faults = [];
const began = Date.now();
const seconds = () => ((Date.now() - began) / 1000).toFixed(0);

for (const vector of vectors) {
  for (const fault of faultsOfParser(vector.html)) faults.push(`${vector.name}: parse5: ${fault}`);
  if (!vector.html.includes('前')) faults.push(`${vector.name}: the text before it is gone`);
}
const seen = vectors.filter(({raw}) => raw.length > 5000 || faultsOfParser(raw).length > 0).length;
if (seen < vectors.length * 0.8) faults.push(`parse5 finds fault with ${seen} raw vectors only`);
console.log(`parse5: ${vectors.length} vectors, ${seen} faulty when raw (${seconds()} s)`);

const browser = await Browser.start();
try {
  const inBatches = async (size, what) => {
    for (let at = 0; at < vectors.length; at += size) await what(vectors.slice(at, at + size));
  };
  const note = (where, found) => faults.push(...found.map(({name, fault}) => `${name}: ${where}: ${fault}`));
  await inBatches(30, async (some) => note('page', await browser.faultsOfPages(some)));
  console.log(`${browser.version}: ${vectors.length} documents loaded (${seconds()} s)`);
  await inBatches(60, async (some) => note('innerHTML', await browser.faultsOfFragments(some)));
  console.log(`${browser.version}: ${vectors.length} fragments set, and unchanged by DOMPurify (${seconds()} s)`);
  const raw = {ran: [], asked: 0, faulty: 0};
  await inBatches(40, async (some) => {
    const {ran, asked, faulty} = await browser.runRaw(some);
    raw.ran.push(...ran);
    raw.asked += asked;
    raw.faulty += faulty;
  });
  console.log(`${browser.version}: raw, ${raw.ran.length} of ${vectors.length} run code, ${raw.faulty} hold what is not `
    + `allowed, ${raw.asked} requests are refused (${seconds()} s)`);
  if (raw.ran.length < 150 || raw.asked < 150 || raw.faulty < 400)
    faults.push('too few raw vectors work: the harness shows nothing');
  if (process.env.SHOW_RAW) console.log(raw.ran.join('\n'));
} finally {
  await browser.close();
}
for (const fault of faults.slice(0, 100)) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : 'nothing active is left');
process.exitCode = faults.length ? 1 : 0;
