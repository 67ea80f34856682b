// A real Chromium that shows HTML, pokes everything in it, and says what it did. It reaches nothing: every request
// is answered here, and names resolve to nowhere.
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium} from 'playwright-core';
import {ELEMENTS, faultOfAttributes} from './allowed.mjs';
import {defineLook, hooks, lookAtAll, lookAtFragments, pokeAll, setAsFragments} from './in_page.mjs';

const ORIGIN = 'https://reader.example';
const GIF = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND'];
const purify = readFileSync(createRequire(import.meta.url).resolve('dompurify/dist/purify.min.js'), 'utf8');
const page = (html) => `<!DOCTYPE html><html><head><meta charset="utf-8"><title>x</title></head><body>${html}</body></html>`;
const images = (html) => new Set([...html.matchAll(/<img src="([^"]*)"/g)].map(([, url]) =>
  new URL(url.replaceAll('&amp;', '&').replaceAll('&#39;', "'")).href.replace(/#.*/s, '')));

export class Browser {
  static async start() {
    const self = new Browser();
    self.folder = mkdtempSync(join(tmpdir(), 'cdtd-chromium-'));
    self.context = await chromium.launchPersistentContext(self.folder, {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS, serviceWorkers: 'block',
    });
    self.version = `Chromium ${self.context.browser()?.version() ?? ''}`.trim();
    self.pages = new Map();
    self.happened = [];
    self.loading = false;
    await self.context.addInitScript(hooks);
    await self.context.addInitScript(defineLook);
    await self.context.route('**/*', (route) => self.answer(route));
    self.page = self.context.pages()[0] ?? await self.context.newPage();
    self.page.on('dialog', (dialog) => { self.happened.push('a dialog'); dialog.dismiss().catch(() => {}); });
    self.page.on('framenavigated', (frame) => self.loading || self.happened.push(`navigated to ${frame.url()}`));
    self.page.on('download', () => self.happened.push('a download'));
    self.context.on('page', (other) => { self.happened.push('a window'); other.close().catch(() => {}); });
    return self;
  }

  async close() {
    await this.context.close();
    rmSync(this.folder, {recursive: true, force: true});
  }

  async answer(route) {
    const request = route.request();
    const url = new URL(request.url());
    const path = decodeURIComponent(url.pathname);
    if (url.origin === ORIGIN && this.pages.has(path) && request.resourceType() === 'document')
      return route.fulfill({contentType: 'text/html; charset=utf-8', body: this.pages.get(path)});
    const image = request.resourceType() === 'image' && this.images?.has(url.href.replace(/#.*/s, ''));
    if (!image) this.happened.push(`asked for ${request.resourceType()} ${request.url().slice(0, 200)}`);
    return image ? route.fulfill({contentType: 'image/gif', body: GIF}) : route.abort();
  }

  /** Each loaded as a document of its own, in frames, everything in it hovered over, clicked and focused. */
  async faultsOfPages(vectors) {
    this.images = new Set(vectors.flatMap(({html}) => [...images(html)]));
    await this.load(vectors.map(({html}) => html), '');
    const looked = await this.page.evaluate(lookAtAll, [ELEMENTS, faultOfAttributes.toString()]);
    const faults = looked.flatMap(({written, faults}, i) => {
      const {name, html} = vectors[i];
      const same = written === html ? [] : [`was written ${html} and is ${written}`];
      return [...same, ...faults].map((fault) => ({name, fault}));
    });
    for (let x = 10; x < 500; x += 70) await this.page.mouse.move(x, 30);
    for (let i = 0; i < 5; ++i) await this.page.keyboard.press('Tab');
    await this.page.evaluate(pokeAll);
    const name = `one of ${vectors[0].name} to ${vectors.at(-1).name}`;
    const did = await this.page.evaluate(() => Array.from(window).flatMap((frame) => frame.did));
    if (this.page.frames().length !== vectors.length + 1) did.push('frames in frames');
    return [...faults, ...[...did, ...this.happened].map((fault) => ({name, fault}))];
  }

  /** A document with a frame for each of the bodies; what happens but that is in `happened`. */
  async load(bodies, sandbox) {
    this.pages = new Map(bodies.map((html, i) => [`/frame/${i}`, page(html)]));
    this.pages.set('/all', page(bodies.map((_, i) => `<iframe src="/frame/${i}" ${sandbox}></iframe>`).join('')));
    this.happened = [];
    this.loading = true;
    await this.page.goto(`${ORIGIN}/all`, {waitUntil: 'load', timeout: 60000});
    this.loading = false;
  }

  /** Each set as innerHTML of a div of one page, and given to DOMPurify, which must find nothing to do. */
  async faultsOfFragments(vectors) {
    this.images = new Set(vectors.flatMap(({html}) => [...images(html)]));
    await this.load([], '');
    await this.page.evaluate(purify);
    const parts = await this.page.evaluate(setAsFragments, vectors.map(({html}) => html));
    const looked = await this.page.evaluate(lookAtFragments, [ELEMENTS, faultOfAttributes.toString()]);
    const faults = parts.flatMap(({serialized, purified, removed}, i) => {
      const {written, faults} = looked[i];
      if (written !== vectors[i].html) faults.push(`was written ${vectors[i].html} and is ${written}`);
      if (purified !== serialized || removed) faults.push(`DOMPurify makes ${purified} of ${serialized}`);
      return faults.map((fault) => ({name: vectors[i].name, fault}));
    });
    await this.page.evaluate(pokeAll);
    await this.page.waitForTimeout(100);
    const did = await this.page.evaluate(() => window.did);
    const name = `one of ${vectors[0].name} to ${vectors.at(-1).name}`;
    return [...faults, ...[...did, ...this.happened].map((fault) => ({name, fault}))];
  }

  /** The attacks as they came, each in a frame of its own: which run code, ask for what they should not, look wrong. */
  async runRaw(vectors) {
    this.images = new Set();
    await this.load(vectors.map(({raw}) => raw), 'sandbox="allow-scripts allow-same-origin allow-forms"');
    const looked = await this.page.evaluate(lookAtAll, [ELEMENTS, faultOfAttributes.toString()]);
    await this.page.evaluate(pokeAll);
    await this.page.waitForTimeout(300);
    const ran = await this.page.evaluate(() => [...window.ran]);
    return {
      ran: ran.filter((path) => path.startsWith('/frame/')).map((path) => vectors[Number(path.slice(7))].name),
      asked: this.happened.filter((what) => what.startsWith('asked')).length,
      faulty: looked.filter(({faults}) => faults.length > 0).length,
    };
  }
}
