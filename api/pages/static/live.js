// Forms and links sent without leaving the page, fragments put where they say, streams followed.
const TOKEN = document.querySelector('meta[name="csrf"]')?.content ?? '';
const HEADERS = { 'Fieldmark-Fragment': '1', 'X-CSRF-Token': TOKEN, Accept: 'text/html' };
const SWAPS = { replace: 'replaceWith', inner: 'replaceChildren', append: 'append', prepend: 'prepend', before: 'before', remove: 'remove' };
const asked = new WeakMap(); // form or link -> what stops its last request

// Put each top element of the HTML where its data-target says, or else at `there`.
function place(html, there, swap = 'replace') {
  const holder = document.createElement('template');
  holder.innerHTML = html;
  const isAtEnd = innerHeight + scrollY > document.documentElement.scrollHeight - 120;
  for (const part of [...holder.content.children]) {
    const target = part.dataset.target ? document.querySelector(part.dataset.target) : there;
    if (!target) continue;
    target[SWAPS[part.dataset.swap ?? (part.dataset.target ? 'replace' : swap)]](part);
    wake(part);
  }
  if (isAtEnd && document.querySelector('[data-keep-end]')) scrollTo(0, document.documentElement.scrollHeight);
}

const say = (kept) => place(document.querySelector(kept).innerHTML, document.querySelector('#notice'), 'inner');
const all = (root, selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];

function wake(root) {
  all(root, '[data-follow]').forEach(follow);
  all(root, '[data-load]').forEach((place) => ask(place, place.dataset.load));
  all(root, 'dialog[data-open]').forEach((dialog) => dialog.showModal());
  all(root, '[data-focus]').forEach((element) => element.focus());
  all(root, 'time[data-moment], time[data-day]').forEach((time) => {
    const timeZone = /T(?!00:00:00)/.test(time.dateTime) ? undefined : 'UTC'; // a day without an hour is the same everywhere
    const form = 'moment' in time.dataset ? { dateStyle: 'medium', timeStyle: 'short' } : { dateStyle: 'medium', timeZone };
    time.textContent = new Intl.DateTimeFormat(undefined, form).format(new Date(time.dateTime));
  });
}

// A stream is taken up again by the browser with Last-Event-ID; `done` ends it.
function follow(element) {
  const stream = new EventSource(element.dataset.follow);
  ['fragment', 'done'].forEach((kind) => stream.addEventListener(kind, (event) => {
    if (kind === 'done' || !element.isConnected) stream.close();
    element.removeAttribute('data-lost');
    place(event.data, element, 'append');
  }));
  stream.onerror = () => element.toggleAttribute('data-lost', true);
}

async function ask(from, url, options = {}) {
  asked.get(from)?.abort();
  const stop = new AbortController();
  asked.set(from, stop);
  from.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(url, { ...options, headers: HEADERS, signal: stop.signal });
    const [go, html] = [answer.headers.get('Fieldmark-Go'), await answer.text()];
    if (go) return void location.assign(go);
    if (answer.ok) arrive(from, html, url);
    else place(html, Object.assign(from.querySelector('[data-errors]') ?? document.querySelector('#notice'), { role: 'alert' }), 'inner');
  } catch (error) {
    if (error.name !== 'AbortError') say('#offline');
  } finally {
    if (asked.get(from) === stop) from.removeAttribute('aria-busy');
  }
}

function arrive(from, html, url) {
  for (const told of [document.querySelector('#notice'), from.querySelector('[data-errors]')]) told?.replaceChildren();
  if ('reset' in from.dataset) from.reset();
  if ('push' in from.dataset) history.replaceState(null, '', url);
  place(html, from.dataset.into ? document.querySelector(from.dataset.into) : from, from.dataset.how);
}

function send(form, button) {
  const sent = new FormData(form, button);
  const action = new URL(button?.getAttribute('formaction') ?? form.getAttribute('action') ?? location.pathname, location);
  if ((form.getAttribute('method') ?? 'get').toLowerCase() === 'post') return ask(form, action, { method: 'POST', body: sent });
  action.search = new URLSearchParams([...sent].filter(([, value]) => typeof value === 'string' && value !== ''));
  return ask(form, action);
}

addEventListener('submit', (event) => {
  if (!event.target.matches('form[data-live]')) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

// data-on="input" or "change": a form that sends itself; what is typed is waited for.
['input', 'change'].forEach((kind) => addEventListener(kind, (event) => {
  const form = event.target.form;
  if (form?.dataset.on !== kind || 'still' in event.target.dataset) return;
  clearTimeout(form.later);
  form.later = setTimeout(() => send(form), kind === 'input' ? 250 : 0);
}));

addEventListener('click', (event) => {
  const link = event.target.closest('a[data-live]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    ask(link, link.href);
  }
  const copy = event.target.closest('[data-copy]');
  if (copy) copied(copy, document.querySelector(copy.dataset.copy));
  if (event.target.closest('[data-print]')) print();
});

addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !event.target.matches('[data-enter]')) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

['dragover', 'drop', 'dragleave'].forEach((kind) => addEventListener(kind, (event) => {
  const zone = event.target.closest?.('[data-drop]');
  if (!zone) return;
  event.preventDefault();
  zone.toggleAttribute('data-over', kind === 'dragover');
  if (kind !== 'drop' || !event.dataTransfer.files.length) return;
  const input = zone.querySelector('input[type="file"]');
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}));

// A chart as a picture of twice its size; a table as tab-separated text, in which nothing is a formula; else the words.
async function copied(button, what) {
  const svg = what.matches('svg') ? what : what.querySelector('svg');
  const words = (cell) => cell.innerText.trim().replace(/\s+/g, ' ').replace(/^(?=[=@]|[+-](?!\d))/, "'");
  const rows = [...what.querySelectorAll('tr')].map((row) => [...row.cells].map(words).join('\t'));
  try {
    if (svg) await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture(svg) })]);
    else await navigator.clipboard.writeText(rows.join('\n') || what.innerText.trim());
    button.dataset.copied = '';
    setTimeout(() => delete button.dataset.copied, 2000);
  } catch {
    say('#no-clipboard'); // without TLS there is none, and a reader may say no
  }
}

async function picture(svg) {
  const { width, height } = svg.viewBox.baseVal;
  const copy = svg.cloneNode(true);
  const given = { width: width * 2, height: height * 2, color: getComputedStyle(svg).color };
  for (const [name, value] of Object.entries(given)) copy.setAttribute(name, value);
  const image = Object.assign(new Image(), { src: `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}` });
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: width * 2, height: height * 2 });
  canvas.getContext('2d').drawImage(image, 0, 0);
  return new Promise((done) => canvas.toBlob(done, 'image/png'));
}

wake(document);
