// --- What a byte is: the panel at the foot of the page.

const explanation = document.getElementById('explanation');
const HINT = 'Point at a byte, or press Tab and then the arrow keys: it explains itself. '
  + 'Choose a field to see its bytes in every protocol; Escape lets go.';

function explainNothing() {
  unmark('near', 'here', 'kin');
  explanation.replaceChildren(element('p', { class: 'hint' }, HINT));
}

function unmark(...classes) {
  for (const name of classes) {
    for (const marked of document.querySelectorAll(`.byte.${name}`)) marked.classList.remove(name);
  }
}

const mark = (cells, name) => cells.forEach((cell) => cell.element?.classList.add(name));

function explain(cell, wire) {
  unmark('near', 'here', 'kin');
  mark(cell.leaf.cells, 'near');
  mark([cell], 'here');
  mark(relatives(cell), 'kin');
  explanation.replaceChildren(...said(cell, wire));
}

// The same bytes in other buffers: those that the leaf was made of, and what was made of it.
function relatives(cell) {
  const found = new Set();
  const up = (one) => one.from.forEach((other) => found.has(other) || (found.add(other), up(other)));
  const down = (one) => one.into.forEach((other) => found.has(other) || (found.add(other), down(other)));
  for (const one of cell.leaf.cells.filter((other) => other.part.keeps || other === cell)) up(one);
  down(cell);
  return [...found];
}

function said(cell, wire) {
  const { leaf, part } = cell;
  const lines = [crumbs(cell, wire), what(leaf)];
  if (leaf.note) lines.push(element('p', { class: 'note' }, sentence(visible(leaf.note))));
  lines.push(element('p', { class: 'place' }, place(cell)));
  const [made] = cell.into;
  if (made?.part.keeps) lines.push(element('p', { class: 'made' }, `${made.part.by}: ${made.hex} `, what(made.leaf, 'span')));
  else if (made) lines.push(element('p', { class: 'made' }, `${made.part.by}: ${visible(textOf(made.part))}`));
  if (part.by && !part.keeps) lines.push(element('p', { class: 'made' }, `${part.by} from ${count(part.sources.length, 'byte')}`));
  return lines;
}

// A note is a sentence without its ends; names such as gRPC stay as they are.
const sentence = (note) => `${note.replace(/^[a-z](?=[a-z]*\b)/, (first) => first.toUpperCase())}.`;

// From the outermost span to the one around the leaf.
function crumbs({ leaf, part }, wire) {
  const names = [];
  for (let span = leaf; span; span = span.around) names.unshift(visible(span.name));
  const where = part.by ? visible(part.title) : ARROWS[part.way];
  const steps = [visible(wire.name), where, ...names];
  return element('p', { class: 'crumbs' }, steps.flatMap((step, place) => (place === 0
    ? [element('b', {}, step)]
    : [element('span', { 'aria-hidden': 'true' }, ' › '), step])));
}

function what(leaf, name = 'p') {
  const parts = [element('b', {}, visible(leaf.name))];
  if (leaf.value) parts.push(' ', element('q', {}, visible(leaf.value)));
  if (leaf.certainty > 0) parts.push(' ', element('span', { class: 'certainty' }, CERTAINTY[leaf.certainty]));
  return element(name, { class: 'what' }, parts);
}

function place(cell) {
  const { leaf, part } = cell;
  const last = leaf.start + leaf.length - 1;
  const range = leaf.length === 1 ? `byte ${leaf.start}` : `bytes ${leaf.start} to ${last} (${leaf.length})`;
  const hex = leaf.cells.slice(0, 16).map((other) => other.hex).join(' ');
  const more = leaf.length > 16 ? ' …' : '';
  const layer = layerOf(cell);
  const counts = part.by ? 'counted where it was carried' : `counts as ${capture.roles[cell.counts].name}`;
  return [
    element('span', { class: `mark layer-${layer.key}` }, layer.name),
    ` ${range}: `,
    element('code', {}, hex + more),
    ` · ${counts}`,
    leaf.field >= 0 ? ` · field ${visible(fieldNames[leaf.field])}` : '',
    leaf.certainty === 0 ? '' : ` · ${CERTAINTY[leaf.certainty]}`,
  ];
}

const textOf = (part) => part.cells.map(({ hex }) => character(hex) || '·').join('').replaceAll('␣', ' ').slice(0, 80);
