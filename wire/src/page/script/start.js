// --- From here it runs: what is shown, and what pointer and keys do.

const STATES = ['cold', 'warm', WHOLE];
const wires = document.getElementById('wires');
const shown = { state: undefined, field: -1, role: -1, calls: [] };

function show(state) {
  shown.state = state;
  shown.calls = capture.wires.map((wire) => [wire, wire.calls.find((call) => call.state === state)]);
  wires.replaceChildren(...shown.calls.map(([wire, call]) => drawWire(wire, call)));
  document.getElementById('summary').textContent = summary(shown.calls, state);
  drawLedger(shown.calls, (role) => showRole(role === shown.role ? -1 : role));
  drawLayers();
  explainNothing();
  choose(shown.field);
  showRole(shown.role);
}

function choose(field) {
  shown.field = field;
  light(shown.calls, field);
}

// Fades all bytes that are there for something else.
function showRole(role) {
  shown.role = role;
  for (const button of document.querySelectorAll('[data-role]')) {
    button.setAttribute('aria-pressed', String(button.dataset.role === capture.roles[role]?.key));
  }
  document.body.classList.toggle('sorting', role >= 0);
  unmark('sorted');
  const cells = shown.calls.flatMap(([, call]) => call?.cells ?? []);
  mark(cells.filter(({ counts }) => counts === role), 'sorted');
}

function drawLayers() {
  const layers = shown.calls.flatMap(([, call]) => call?.parts ?? [])
    .flatMap((part) => part.cells.map((cell) => cell.leaf && layerOf(cell)));
  const inUse = capture.layers.filter((layer) => layers.includes(layer));
  const items = inUse.map(({ key, name }) => element('li', {}, element('span', { class: `mark layer-${key}` }, name)));
  const value = element('li', {}, element('span', { class: 'mark role-value layer-text' }, 'value'));
  document.getElementById('layers').replaceChildren(...items, value);
}

function drawStates() {
  const states = STATES.filter((state) => capture.wires.some((wire) => wire.calls.some((call) => call.state === state)));
  const bar = document.getElementById('states');
  bar.hidden = states.length < 2;
  for (const state of states) {
    const radio = element('input', { type: 'radio', name: 'state', value: state });
    radio.addEventListener('change', () => show(state));
    bar.append(element('label', {}, radio, state));
  }
  // Warm is what most calls of a program are.
  const [first] = [...states].reverse();
  const chosen = bar.querySelector(`[value=${first}]`);
  if (chosen) chosen.checked = true;
  return first;
}

function wireOf(byte) {
  const place = [...wires.children].indexOf(byte.closest('.wire'));
  return capture.wires[place];
}

function explainAt(target) {
  const byte = target.closest?.('.byte');
  if (byte) explain(cellOf.get(byte), wireOf(byte));
  return byte;
}

function chooseAt(target) {
  const byte = target.closest?.('.byte');
  const field = byte ? fieldAt(cellOf.get(byte)) : -1;
  if (field >= 0) choose(field === shown.field ? -1 : field);
}

// A byte's field; one that carries another buffer has that one's.
function fieldAt(cell) {
  if (cell.leaf.field >= 0) return cell.leaf.field;
  const [made] = cell.into;
  return made?.part.keeps ? fieldAt(made) : -1;
}

wires.addEventListener('pointerover', ({ target }) => explainAt(target));
wires.addEventListener('focusin', ({ target }) => {
  const byte = explainAt(target);
  if (!byte) return;
  byte.closest('.wire').querySelector('.byte[tabindex="0"]')?.setAttribute('tabindex', '-1');
  byte.setAttribute('tabindex', '0');
});
wires.addEventListener('click', ({ target }) => {
  target.closest('.byte')?.focus({ preventScroll: true });
  chooseAt(target);
});

const MOVES = {
  ArrowLeft: (bytes, at) => bytes[at - 1],
  ArrowRight: (bytes, at) => bytes[at + 1],
  ArrowUp: (bytes, at) => otherRow(bytes, at, -1),
  ArrowDown: (bytes, at) => otherRow(bytes, at, 1),
  Home: (bytes) => bytes[0],
  End: (bytes) => bytes.at(-1),
};

// The byte nearest above or below, by what is seen: rows are as long as the window is wide.
function otherRow(bytes, at, step) {
  const from = bytes[at].getBoundingClientRect();
  let best;
  let row;
  for (let next = at + step; bytes[next]; next += step) {
    const box = bytes[next].getBoundingClientRect();
    const isThere = step > 0 ? box.top >= from.bottom - 1 : box.bottom <= from.top + 1;
    if (!isThere) continue;
    row ??= box.top;
    if (Math.abs(box.top - row) > 1) break;
    const away = Math.abs(box.left - from.left);
    if (!best || away < best.away) best = { away, byte: bytes[next] };
  }
  return best?.byte;
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    explainNothing();
    choose(-1);
    showRole(-1);
    return;
  }
  const byte = event.target.closest?.('.byte');
  if (!byte || event.altKey || event.ctrlKey || event.metaKey) return;
  const move = MOVES[event.key];
  if (move) {
    const bytes = [...byte.closest('.wire').querySelectorAll('.byte')].filter((one) => one.checkVisibility());
    move(bytes, bytes.indexOf(byte))?.focus();
    event.preventDefault();
  } else if (event.key === 'Enter' || event.key === ' ') {
    chooseAt(byte);
    event.preventDefault();
  }
});

drawFields((field) => choose(field === shown.field ? -1 : field));
show(drawStates() ?? 'warm');
