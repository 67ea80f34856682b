// What sanitised HTML may hold. Also given to the page as text: it uses nothing from outside.
export const ELEMENTS = ['p', 'blockquote', 'pre', 'ul', 'ol', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'figure',
  'figcaption', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'strong', 'em', 'u', 's', 'code', 'small', 'sub',
  'sup', 'a', 'img', 'br', 'hr'];

export const REL = 'nofollow noopener noreferrer';

/** A line about the attributes of an element, or ''. */
export function faultOfAttributes(name, attributes) {
  const given = Object.keys(attributes).sort().join(' ');
  const web = (url) => /^https?:\/\/[^\s\\]+$/.test(url);
  const span = (value) => value === undefined || /^[0-9]{1,3}$/.test(value);
  const {href, src, rel, colspan, rowspan} = attributes;
  let allowed = given === '';
  if (name === 'a') allowed = given === 'href rel' && web(href) && rel === REL;
  if (name === 'img') allowed = given === 'alt src' && web(src);
  if (name === 'td' || name === 'th')
    allowed = /^(colspan)?( ?rowspan)?$/.test(given) && span(colspan) && span(rowspan);
  return allowed ? '' : `<${name}> with ${JSON.stringify(attributes)}`;
}
