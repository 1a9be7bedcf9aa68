'use strict';

// The web console: a list, and for one sandbox a terminal, plots and its exits. It speaks the control protocol like any other client.

const byId = (id) => document.getElementById(id);
const PERIOD_MILLIS = 1000;
const POINTS_MAX = 120;
const STREAM_KERNEL = 3;

// The token comes behind the mark of the address, and stays in this tab.
if (location.hash.length > 1) {
  sessionStorage.setItem('token', location.hash.slice(1));
  history.replaceState(null, '', location.pathname);
}
const token = sessionStorage.getItem('token') || '';

const call = async (method, path, body) => {
  const response = await fetch(path, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body ? { 'Content-Type': 'application/json' } : {}) },
    body: body ? JSON.stringify(body) : undefined,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error.message);
  return answer;
};

const complain = (error) => { byId('complaint').textContent = error ? error.message : ''; };

const attempt = async (action) => {
  try {
    await action();
    complain(null);
  } catch (error) {
    complain(error);
  }
  await refresh();
};

let sandboxes = [];
let chosen = null;      // { name, terminal, socket, series, last }

const isLive = (sandbox) => !('ended' in sandbox);
const mebibytes = (bytes) => `${Math.round(bytes / 1048576)} MiB`;
const words = (creation) => creation.kernel || (creation.command || []).map((word) => typeof word === 'string' ? word : '?').join(' ')
  || creation.snapshot;

const cell = (row, text, className) => {
  const td = row.insertCell();
  td.textContent = text;
  if (className) td.className = className;
  return td;
};

const showList = () => {
  const rows = byId('rows');
  rows.replaceChildren();
  for (const sandbox of sandboxes) {
    const row = rows.insertRow();
    row.dataset.name = sandbox.name;
    row.className = chosen && chosen.name === sandbox.name ? 'chosen' : '';
    const name = document.createElement('button');
    name.textContent = sandbox.name;
    row.insertCell().append(name);
    cell(row, sandbox.state + ('status' in sandbox ? ` ${sandbox.status}` : ''));
    cell(row, `${(sandbox.cpuMillis / 1000).toFixed(1)} s`, 'number');
    cell(row, mebibytes(sandbox.creation.memoryBytes), 'number');
    cell(row, sandbox.creation.interface);
    cell(row, words(sandbox.creation));
    row.onclick = () => choose(sandbox.name);
  }
  byId('none').hidden = sandboxes.length > 0;
};

const plot = (id, values, max) => {
  const canvas = byId(id);
  const context = canvas.getContext('2d');
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  if (values.length < 2) return;
  const top = Math.max(max, ...values, 1e-9);
  context.beginPath();
  values.forEach((value, i) => {
    const x = width - (values.length - 1 - i) * width / (POINTS_MAX - 1);
    const y = height - 2 - value / top * (height - 4);
    if (i === 0) context.moveTo(x, y); else context.lineTo(x, y);
  });
  context.strokeStyle = getComputedStyle(canvas).color;
  context.lineWidth = 1.5;
  context.stroke();
};

const push = (values, value) => {
  values.push(value);
  if (values.length > POINTS_MAX) values.shift();
};

const showExits = (exits, seconds) => {
  const rows = byId('exit-rows');
  rows.replaceChildren();
  let rate = 0;
  const counts = new Map();
  for (const exit of exits) {
    const key = `${exit.kind} ${exit.ofInterface} ${exit.name}`;
    counts.set(key, exit.count);
    const before = chosen.counts.get(key) || 0;
    const perSecond = chosen.counts.size > 0 && seconds > 0 ? (exit.count - before) / seconds : 0;
    rate += perSecond;
    const row = rows.insertRow();
    cell(row, (exit.ofInterface && exit.kind !== 'hypercall' ? 'interface ' : '') + exit.kind.replace('_', ' '));
    cell(row, exit.name);
    cell(row, exit.count.toLocaleString('en'), 'number');
    cell(row, perSecond.toFixed(0), 'number');
    cell(row, exit.refused || '', 'number');
  }
  chosen.counts = counts;
  push(chosen.rates, rate);
  byId('exits-now').textContent = rate.toFixed(0);
  plot('exits', chosen.rates, 1);
};

const showOne = async () => {
  const sandbox = chosen && sandboxes.find((one) => one.name === chosen.name);
  byId('one').hidden = !sandbox;
  if (!sandbox) {
    if (chosen) leave();
    return;
  }
  byId('name').textContent = sandbox.name;
  byId('state').textContent = sandbox.state;
  byId('ended').textContent = isLive(sandbox) ? '' : `status ${sandbox.status}. ${sandbox.sentence}`;
  const running = sandbox.state === 'running';
  const paused = sandbox.state === 'paused';
  byId('pause').disabled = !running;
  byId('resume').disabled = !paused;
  byId('snapshot').disabled = byId('clone').disabled = !(running || paused);
  byId('stop').disabled = !isLive(sandbox);
  byId('remove').disabled = isLive(sandbox);
  const now = performance.now();
  const seconds = (now - chosen.at) / 1000;
  if (chosen.at > 0 && seconds > 0) {
    const percent = (sandbox.cpuMillis - chosen.cpuMillis) / seconds / 10;
    push(chosen.cpu, percent);
    byId('cpu-now').textContent = `${percent.toFixed(0)} %`;
    plot('cpu', chosen.cpu, 100);
  }
  push(chosen.memory, sandbox.memoryTouchedBytes);
  byId('memory-now').textContent = mebibytes(sandbox.memoryTouchedBytes);
  plot('memory', chosen.memory, sandbox.creation.memoryBytes);
  const { exits } = await call('GET', `/v1/sandboxes/${sandbox.name}/exits`);
  if (!chosen || chosen.name !== sandbox.name) return;
  showExits(exits, seconds);
  chosen.at = now;
  chosen.cpuMillis = sandbox.cpuMillis;
};

const leave = () => {
  if (chosen.socket) chosen.socket.close();
  chosen.terminal.dispose();
  chosen = null;
};

const choose = (name) => {
  if (chosen && chosen.name === name) return;
  if (chosen) leave();
  byId('one').hidden = false;
  const sandbox = sandboxes.find((one) => one.name === name);
  const terminal = new Terminal({ convertEol: !sandbox.creation.terminal, scrollback: 5000, fontSize: 13 });
  const fit = new FitAddon.FitAddon();
  terminal.loadAddon(fit);
  terminal.open(byId('terminal'));
  fit.fit();
  chosen = { name, terminal, fit, socket: null, at: 0, cpuMillis: 0, cpu: [], memory: [], rates: [], counts: new Map() };
  attach(name, terminal);
  showList();
  attempt(async () => {});
};

const attach = (name, terminal) => {
  const socket = new WebSocket(`ws://${location.host}/v1/sandboxes/${name}/attach?tail=1000`, ['sojourn.attach.v1', `token.${token}`]);
  socket.binaryType = 'arraybuffer';
  const utf8 = new TextEncoder();
  socket.onopen = () => socket.send(JSON.stringify({ resize: { columns: terminal.cols, rows: terminal.rows } }));
  // What is shown again asks the terminal again what it is; only the guest of now is to hear the answers.
  let live = false;
  socket.onmessage = (message) => {
    if (typeof message.data === 'string') {
      if ('live' in JSON.parse(message.data)) terminal.write('', () => { live = true; });
      return;
    }
    const bytes = new Uint8Array(message.data);
    if (bytes[0] !== STREAM_KERNEL) terminal.write(bytes.subarray(1));
  };
  terminal.onData((text) => { if (live && socket.readyState === WebSocket.OPEN) socket.send(utf8.encode(text)); });
  terminal.onResize(({ cols, rows }) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ resize: { columns: cols, rows } }));
  });
  chosen.socket = socket;
  chosen.isLive = () => live;
};

let refreshing = null;

const refresh = () => {
  refreshing ||= (async () => {
    try {
      ({ sandboxes } = await call('GET', '/v1/sandboxes'));
      showList();
      await showOne();
    } catch (error) {
      complain(error);
    } finally {
      refreshing = null;
    }
  })();
  return refreshing;
};

const showSnapshots = async () => {
  const { snapshots } = await call('GET', '/v1/snapshots');
  byId('restore').hidden = snapshots.length === 0;
  byId('restore').elements.file.replaceChildren(...snapshots.map((file) => new Option(file.split('/').pop(), file)));
};

// Events bring changes at once; without them the next look does.
const listen = async () => {
  const response = await fetch('/v1/events', { headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    if (piece.value.includes('data:')) refresh();
  }
};

const act = (id, verb, body) => {
  byId(id).onclick = () => attempt(() => call('POST', `/v1/sandboxes/${chosen.name}/${verb}`, body && body()));
};

act('pause', 'pause');
act('resume', 'resume');
act('clone', 'clone', () => ({ count: 1 }));
act('stop', 'stop', () => ({}));
byId('snapshot').onclick = () => attempt(async () => {
  const { file } = await call('POST', `/v1/sandboxes/${chosen.name}/snapshot`, {});
  byId('done').textContent = `Snapshot written to ${file}`;
  await showSnapshots();
});
byId('remove').onclick = () => attempt(() => call('DELETE', `/v1/sandboxes/${chosen.name}`));
byId('create').onsubmit = (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  attempt(async () => {
    const sandbox = await call('POST', '/v1/sandboxes', {
      ...(form.get('name') ? { name: form.get('name') } : {}),
      command: form.get('command') === 'sh' ? ['sh'] : ['sh', '-c', form.get('command')],
      interface: form.get('interface'),
      memoryBytes: form.get('memory') * 1048576,
      terminal: form.get('terminal') === 'on',
      input: true,
    });
    sandboxes.push(sandbox);
    choose(sandbox.name);
  });
};
byId('restore').onsubmit = (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  attempt(async () => {
    const sandbox = await call('POST', '/v1/restore', { file: form.get('file'), ...(form.get('name') ? { name: form.get('name') } : {}) });
    sandboxes.push(sandbox);
    choose(sandbox.name);
  });
};
window.onresize = () => { if (chosen) chosen.fit.fit(); };

const start = async () => {
  try {
    const host = await call('GET', '/v1/host');
    byId('host').textContent = `version ${host.version}, process ${host.pid}`;
  } catch (error) {
    complain(error);
    return;
  }
  await showSnapshots().catch(complain);
  await refresh();
  listen().catch(() => {});
  setInterval(refresh, PERIOD_MILLIS);
};

start();
