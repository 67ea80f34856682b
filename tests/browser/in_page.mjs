// What runs in the page under test. Each function is sent there as text and uses nothing from outside.

/** Before anything of a document: what an attack would call says that it was called. */
export function hooks() {
  window.did = [];
  window.ran = new Set();
  const say = (what) => {
    window.did.push(what);
    try { window.top.ran.add(location.pathname); } catch { /* another origin */ }
  };
  const poked = ['pwned', 'alert', 'confirm', 'prompt', 'print', 'open'];
  for (const name of poked) {
    Object.defineProperty(window, name, {value: () => say(`called ${name}`), writable: false, configurable: false});
  }
  window.addEventListener('submit', (event) => { say('submitted'); event.preventDefault(); }, true);
  // A link to the web may be followed; that it is one is looked at elsewhere. Here the page stays.
  window.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href]');
    if (link && /^https?:$/.test(link.protocol)) event.preventDefault();
  }, true);
  for (const name of ['toggle', 'beforetoggle', 'command', 'securitypolicyviolation']) {
    document.addEventListener(name, (event) => event.isTrusted && say(name), true);
  }
}

/** Everything is hovered over, clicked, focused, typed into, in this document and in those of its frames. */
export function pokeAll() {
  const names = ['mouseover', 'mouseenter', 'mousemove', 'mousedown', 'mouseup', 'click', 'dblclick', 'auxclick',
    'contextmenu', 'pointerover', 'pointerenter', 'pointermove', 'pointerdown', 'pointerup', 'pointerrawupdate', 'wheel',
    'scroll', 'scrollend', 'keydown', 'keypress', 'keyup', 'input', 'beforeinput', 'change', 'cut', 'copy', 'paste',
    'dragstart', 'drop', 'focus', 'focusin', 'blur', 'load', 'error', 'animationstart', 'animationend', 'transitionend',
    'touchstart', 'touchend', 'select', 'toggle', 'beforetoggle', 'command', 'show', 'start', 'finish', 'bounce',
    'search', 'invalid', 'reset', 'begin', 'end', 'beforecopy', 'beforepaste', 'selectstart', 'canplay', 'loadstart',
    'slotchange', 'contentvisibilityautostatechange'];
  const inFrames = [...document.querySelectorAll('iframe')].map((frame) => frame.contentDocument);
  for (const body of [document, ...inFrames].map((one) => one?.body)) {
    for (const element of body ? [body, ...body.querySelectorAll('*')].slice(0, 400) : []) {
      if (element.src?.startsWith(`${location.origin}/frame/`)) continue;
      try {
        element.focus?.();
        element.click?.();
        for (const name of names) element.dispatchEvent(new Event(name, {bubbles: false, cancelable: true}));
        element.blur?.();
      } catch { /* an attack may break its own elements */ }
    }
  }
}

/** For the body of each frame: {written: its content as we write HTML, faults: lines about what is not allowed}. */
export function lookAtAll(allowed) {
  return [...document.querySelectorAll('iframe')].map((frame) => {
    const body = frame.contentDocument?.body; // none where an attack has led the frame elsewhere
    try {
      return body ? window.lookAt(body, allowed) : {written: '', faults: ['no document']};
    } catch (error) { // forms hide their own properties behind their controls
      return {written: '', faults: [String(error)]};
    }
  });
}

/** The same for each div of this document. */
export function lookAtFragments(allowed) {
  return [...document.querySelectorAll('body > div')].map((div) => window.lookAt(div, allowed));
}

/** Fills a div with each. DOMPurify's SAFE_FOR_XML takes attributes away for what they would be in XML. */
export function setAsFragments(htmls) {
  return htmls.map((html) => {
    const div = document.body.appendChild(document.createElement('div'));
    div.innerHTML = html;
    const purified = window.DOMPurify.sanitize(html, {SAFE_FOR_XML: false});
    return {serialized: div.innerHTML, purified, removed: window.DOMPurify.removed.length};
  });
}

/** Added to every document: how an element's content is looked at. */
export function defineLook() {
  const references = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'};
  const escaped = (text) => text.replace(/[&<>"']/g, (c) => references[c]);
  const write = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return escaped(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE) return `<!-- node of type ${node.nodeType} -->`;
    const attributes = [...node.attributes].map(({name, value}) => ` ${name}="${escaped(value)}"`).join('');
    const start = `<${node.localName}${attributes}>`;
    if (['br', 'hr', 'img'].includes(node.localName)) return start;
    return `${start}${[...node.childNodes].map(write).join('')}</${node.localName}>`;
  };
  window.lookAt = (root, [elements, attributesText]) => {
    const faultOfAttributes = new Function(`const REL = 'nofollow noopener noreferrer'; return ${attributesText}`)();
    const faults = [];
    for (const element of root.querySelectorAll('*')) {
      const name = element.localName;
      if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml' || !elements.includes(name)) faults.push(`<${name}>`);
      const fault = faultOfAttributes(name, Object.fromEntries([...element.attributes].map((a) => [a.name, a.value])));
      if (fault) faults.push(fault);
      if (element.shadowRoot) faults.push(`a shadow tree in <${name}>`);
      if (name === 'a' && !/^https?:$/.test(element.protocol)) faults.push(`a link to ${element.href}`);
      if (name === 'img' && !/^https?:/.test(element.currentSrc || element.src)) faults.push(`an image from ${element.src}`);
    }
    return {written: [...root.childNodes].map(write).join(''), faults};
  };
}
