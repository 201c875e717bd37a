/**
 * A portal in plain JavaScript, on an origin of its own: logs in, starts a session, asks the forms that the server asks
 * for, embeds the viewer, and answers scripts in the session. `Casement` comes from `casement.js` of the package.
 */
/* global Casement */

const byId = (id) => document.getElementById(id);
const say = (text) => {
  byId('status').textContent = text;
};

let server = '';
/** Kept in memory alone: a token in localStorage is one that every script on the page can take away. */
let token = '';
let viewer;

/** One call of the API: `{result}`, or an error with a `name` that programs can rely on. */
async function call(path, input) {
  const response = await fetch(`${server}/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(input),
  });
  const { result, error } = await response.json();
  if (error) throw Object.assign(new Error(error.message), { name: error.name });
  return result;
}

/** Runs what a form is for, and says what went wrong. */
function onSubmit(id, work) {
  byId(id).addEventListener('submit', (event) => {
    event.preventDefault();
    const refuse = (error) => say(`${error.message} (${error.name})`);
    Promise.resolve(new FormData(event.target)).then(work).catch(refuse);
  });
}

onSubmit('login', async (data) => {
  server = new URL(data.get('server')).origin;
  const secret = data.get('secret');
  if (secret) {
    ({ token } = await call('/auth/local', { secret }));
  } else {
    // `basic`: the password answers every prompt. Second factors need the other stages.
    const { stage, token: given } = await call('/auth/ssh', {
      username: data.get('username'),
      password: data.get('password'),
      basic: true,
    });
    if (stage !== 'success') throw new Error(`This portal does not know the stage ${stage}.`);
    token = given;
  }
  byId('login').hidden = true;
  byId('start').hidden = false;
  say('Logged in.');
});

onSubmit('start', (data) => {
  const forms = data
    .get('forms')
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean);
  byId('start').hidden = true;
  return start({ command: data.get('command'), geometry: '1024x544', params: {}, forms, answered: [] });
});

/** The server keeps nothing between calls: each is sent everything that has been answered so far. */
async function start(data) {
  say('Starting …');
  const result = await call('/start', data);
  if (result.stage === 'form') {
    const { form } = result;
    const answers = await ask(form);
    return start({
      ...data,
      params: { ...data.params, ...answers },
      forms: result.forms.filter((id) => id !== form.id),
      answered: [...data.answered, { id: form.id, version: form.version }],
    });
  }
  if (result.stage === 'started') return show(result.session);
  say(`Scheduled: ${result.output}`);
  return undefined;
}

/** A form made from `fields`, so that the administrator's HTML need not be trusted by this page. */
function ask(form) {
  const element = byId('answers');
  const title = document.createElement('h2');
  title.textContent = form.name;
  const button = document.createElement('button');
  button.textContent = 'Continue';
  element.replaceChildren(title, ...form.fields.map(control), button);
  element.hidden = false;
  say('The server has a question.');
  return new Promise((resolve) => {
    const onAnswer = (event) => {
      event.preventDefault();
      element.hidden = true;
      // Left out when empty; the server makes numbers and booleans of what is text here.
      resolve(Object.fromEntries([...new FormData(element)].filter(([, value]) => value !== '')));
    };
    element.addEventListener('submit', onAnswer, { once: true });
  });
}

function control(field) {
  const label = document.createElement('label');
  label.append(field.label ?? field.name);
  const tag = { select: 'select', textarea: 'textarea' }[field.type] ?? 'input';
  const input = document.createElement(tag);
  if (tag === 'select') {
    const options = field.options ?? [];
    input.append(...options.map(({ label: text, value, selected }) => new Option(text, value, selected, selected)));
  } else if (tag === 'input') {
    input.type = field.type;
  }
  input.name = field.name;
  input.required = field.required;
  if (field.type === 'checkbox') input.value = field.options?.[0]?.value ?? 'true';
  else if (tag !== 'select' && typeof field.defaultValue === 'string') input.value = field.defaultValue;
  label.append(input);
  return label;
}

const connect = (id) => call('/connect', { id, parentOrigin: location.origin });

async function show(session) {
  byId('desktop').hidden = false;
  viewer = Casement.createViewer(byId('viewer'), {
    title: session.name,
    // Called for the first ticket, and again whenever the viewer was away for too long.
    getTicket: () => connect(session.id),
  });
  viewer.on('state', ({ state }) => say(`The desktop is ${state}.`));
  viewer.on('error', (message, code) => say(`${message} (${code})`));
  // `clientcomm --clients=master --type=site-save '{"what":"the draft"}'` in the session prints what is returned here.
  viewer.onMessage('site-save', ({ data }) => {
    const item = document.createElement('li');
    item.textContent = data.what;
    byId('saved').append(item);
    return { saved: data.what };
  });
  await viewer.connected();
  viewer.focus();
}

byId('screenshot').addEventListener('click', () => {
  void viewer.screenshot().then(({ width, height }) => say(`The picture has ${width} × ${height} pixels.`));
});
byId('keys').addEventListener('click', () => viewer.keys('ctrl-alt-delete'));
byId('leave').addEventListener('click', () => viewer.disconnect());
