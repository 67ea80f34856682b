// Sanitised HTML as parse5 reads it: by the letter of the HTML standard, and not by the code that wrote it.
import {parse, parseFragment, serialize} from 'parse5';
import {ELEMENTS, faultOfAttributes} from './allowed.mjs';

const XHTML = 'http://www.w3.org/1999/xhtml';

function walk(node, faults) {
  if (node.nodeName === '#text') {
    if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/.test(node.value)) faults.push('a control character');
    return;
  }
  if (!node.tagName) {
    faults.push(node.nodeName);
    return;
  }
  if (node.namespaceURI !== XHTML || !ELEMENTS.includes(node.tagName)) faults.push(`<${node.tagName}>`);
  const fault = faultOfAttributes(node.tagName, Object.fromEntries(node.attrs.map(({name, value}) => [name, value])));
  if (fault) faults.push(fault);
  for (const child of node.childNodes) walk(child, faults);
}

const REFERENCES = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};
const escaped = (text) => text.replace(/[&<>"']/g, (c) => REFERENCES[c]);

/** A tree as cdtd writes HTML. */
function write(node) {
  if (node.nodeName === '#text') return escaped(node.value);
  const content = (node.childNodes ?? []).map(write).join('');
  if (!node.tagName) return content;
  const start = `<${node.tagName}${node.attrs.map(({name, value}) => ` ${name}="${escaped(value)}"`).join('')}>`;
  return ['br', 'hr', 'img'].includes(node.tagName) ? start : `${start}${content}</${node.tagName}>`;
}

/** Lines about what is not allowed; the tree, written out, must also be what came in. */
export function faultsOfParser(html) {
  const faults = [];
  const errors = [];
  const onParseError = ({code}) => errors.push(code);
  const fragment = parseFragment(html, {onParseError});
  for (const child of fragment.childNodes) walk(child, faults);
  const again = serialize(fragment);
  if (write(fragment) !== html) faults.push(`is read as ${write(fragment)}`);
  // A trip through a whole page, as with a document that is opened, must give the same.
  const page = parse(`<!DOCTYPE html><html><head></head><body>${html}</body></html>`, {onParseError});
  const body = page.childNodes.find((n) => n.tagName === 'html').childNodes.find((n) => n.tagName === 'body');
  if (!body || serialize(body) !== again) faults.push('another tree in a page');
  if (errors.length) faults.push(`parse errors: ${[...new Set(errors)].join(', ')}`);
  return faults;
}
