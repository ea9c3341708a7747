// --- Bytes on the page.

// An element with attributes and children; a text among them stays text.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== undefined));
  return made;
}

// Text from the wire, with what cannot be seen or would turn the line around written as escapes.
function visible(text) {
  const names = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;
  return text.replace(unseen, (found) => names[found] ?? `\\u{${found.codePointAt(0).toString(16)}}`);
}

const SEEN = { '09': '\\t', '0a': '\\n', '0d': '\\r', '20': '␣' };

// The character of a byte; none where it has no character of its own.
function character(hex) {
  const code = Number.parseInt(hex, 16);
  return SEEN[hex] ?? (code > 0x20 && code < 0x7f ? String.fromCharCode(code) : '');
}

const count = (number, one, many = `${one}s`) => `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
const ARROWS = { up: 'client → server', down: 'server → client' };
const HUFFMAN = 'Huffman-decoded';
const CERTAINTY = ['sure', 'a guess', 'breaks the rules'];

const cellOf = new WeakMap();

function drawCell(cell) {
  const { leaf } = cell;
  const classes = ['byte', `layer-${layerOf(cell).key}`, `role-${capture.roles[cell.counts].key}`];
  if (leaf.cells[0] === cell) classes.push('first');
  if (character(cell.hex).length > 1) classes.push('escape');
  if (leaf.certainty === 1) classes.push('guess');
  if (leaf.certainty === 2) classes.push('broken');
  cell.element = element('b', {
    class: classes.join(' '),
    role: 'option',
    tabindex: '-1',
    'data-char': character(cell.hex),
    'aria-label': `${cell.hex}, ${visible(leaf.name)}`,
    'aria-selected': 'false',
  }, cell.hex);
  cellOf.set(cell.element, cell);
  return cell.element;
}

// A frame, a head, a chunk: its name, its bytes, and below them what was made of them.
function drawUnit(unit) {
  const { span, cells, made } = unit;
  const size = element('span', { class: 'size' }, count(span.length, 'byte'));
  // A unit without parts may be one that was understood elsewhere.
  const layer = span.children.length === 0 && cells[0]?.leaf ? layerOf(cells[0]) : span.layer;
  const mark = element('span', { class: `mark layer-${layer.key}` }, layer.name);
  const name = element('p', { class: 'name' }, mark, ` ${visible(span.name)} `, size);
  const bytes = element('div', { class: 'bytes' }, cells.filter(({ leaf }) => leaf).map(drawCell));
  const group = { class: 'unit', role: 'group', 'aria-label': visible(span.name) };
  return element('div', group, name, bytes, drawMade(made));
}

// The strings of a header block are folded: they are many, and no byte of them went over the wire.
function drawMade(parts) {
  const strings = parts.filter(({ by }) => by === HUFFMAN);
  const others = parts.filter(({ by }) => by !== HUFFMAN).map(drawDerived);
  if (strings.length === 0) return others;
  const summary = element('summary', {}, `${count(strings.length, 'string')}, ${HUFFMAN}`);
  return [...others, element('details', {}, summary, strings.map(drawDerived))];
}

function drawDerived(part) {
  const how = part.title.includes(part.by) ? '' : `, ${part.by}`;
  const size = element('span', { class: 'size' }, count(part.length, 'byte') + how);
  const name = element('p', { class: 'name' }, `${visible(part.title)} `, size);
  const bytes = element('div', { class: 'bytes' }, part.cells.filter(({ leaf }) => leaf).map(drawCell));
  const below = [...part.made, ...part.units.flatMap(({ made }) => made)];
  const group = { class: 'derived', role: 'group', 'aria-label': visible(part.title) };
  return element('div', group, name, bytes, cutOf(part), drawMade(below));
}

function drawPart(part) {
  const size = element('span', { class: 'size' }, count(part.length, 'byte'));
  const head = element('h3', {}, element('span', { class: `way ${part.way}` }, ARROWS[part.way]), ' ', size);
  return element('section', {}, head, part.units.map(drawUnit), drawMade(part.made), cutOf(part));
}

function cutOf(part) {
  const missing = part.length - part.cells.length;
  return missing > 0 ? element('p', { class: 'cut' }, `${count(missing, 'more byte')} not shown`) : undefined;
}

// One protocol's column.
function drawWire(wire, call) {
  const head = element('h2', {}, visible(wire.name));
  const column = element('section', { class: 'wire', 'data-wire': wire.name, 'aria-label': visible(wire.name) }, head);
  if (!call) {
    column.append(element('p', { class: 'cut' }, 'no such call was made'));
    return column;
  }
  opened(call);
  head.append(' ', element('span', { class: 'size' }, count(total(call), 'byte')));
  const parts = call.parts.filter(({ by }) => !by);
  const label = `Bytes of ${visible(wire.name)}, ${call.state}; the arrow keys move`;
  column.append(element('div', { role: 'listbox', 'aria-multiselectable': 'true', 'aria-label': label }, parts.map(drawPart)));
  column.append(...leftOut(call.left_out));
  // One stop of the Tab key a protocol.
  column.querySelector('.byte')?.setAttribute('tabindex', '0');
  return column;
}

function leftOut({ pieces, bytes, derived }) {
  const said = [];
  if (pieces > 0) said.push(`${count(bytes, 'more byte')} in ${count(pieces, 'piece')} not shown`);
  if (derived > 0) said.push(`${count(derived, 'derived buffer')} not shown`);
  return said.map((text) => element('p', { class: 'cut' }, text));
}
