'use strict';
// --- What was captured, as objects that know each other.

const capture = JSON.parse(document.getElementById('capture').textContent);
const word = (place) => capture.words[place];
const fieldNames = capture.fields.map(word);
const ROLE = Object.fromEntries(capture.roles.map(({ key }, place) => [key, place]));

// A call's parts, with a cell for each byte that is shown. A part is opened when its call is first shown.
function opened(call) {
  if (call.isOpen) return call;
  call.isOpen = true;
  call.cells = [];
  for (const part of call.parts) readSpans(part);
  for (const part of call.parts) {
    if (part.by) link(part, call.parts);
    else call.cells.push(...part.cells);
  }
  for (const cell of call.parts.flatMap((part) => part.cells)) cell.counts = countsAs(cell);
  return call;
}

function readSpans(part) {
  const bytes = part.hex.match(/../g) ?? [];
  part.cells = bytes.map((hex, offset) => ({ hex, part, place: part.start + offset, from: [], into: [] }));
  part.units = [];
  part.made = [];
  let next = 0;
  const walk = (nodes, around, unit) => {
    for (const node of nodes) {
      const span = spanOf(node, part.start + next, around);
      const within = unit ?? { span, cells: [], made: [] };
      if (!unit) part.units.push(within);
      if (span.children.length > 0) {
        walk(span.children, span, within);
        continue;
      }
      span.cells = part.cells.slice(next, next + span.length);
      for (const cell of span.cells) Object.assign(cell, { leaf: span, unit: within });
      within.cells.push(...span.cells);
      next += span.length;
    }
  };
  walk(part.spans);
}

function spanOf(node, start, around) {
  const [length, layer, role, name, value, note, certainty, field, path, children] = node;
  return {
    start, length, around, role, certainty, field, children,
    layer: capture.layers[layer],
    name: word(name),
    value: word(value),
    note: word(note),
    path: word(path),
  };
}

// Ties the bytes of a derived part to those that it was made of.
function link(part, parts) {
  part.sources = [];
  let next = 0;
  for (const [place, offset, length] of part.from) {
    const cells = place === null ? [] : parts[place].cells.slice(offset, offset + length);
    part.sources.push(...cells);
    if (part.keeps) cells.forEach((source, at) => tie(part.cells[next + at], [source]));
    next += length;
  }
  if (!part.keeps) {
    for (const cell of part.cells) cell.from = part.sources;
    for (const source of part.sources) goInto(source, part.cells);
  }
  // Below the unit in which it was whole.
  const last = part.sources.at(-1);
  (last?.unit ?? part).made.push(part);
}

function tie(cell, sources) {
  if (!cell) return;
  cell.from = sources;
  for (const source of sources) goInto(source, [cell]);
}

// Bytes that a compressed stream holds share one array.
function goInto(source, cells) {
  source.into = source.into.length === 0 ? cells : [...source.into, ...cells];
}

// What the ledger counts a byte as: it looks through masks and chunks, not through compression.
function countsAs(cell) {
  const [made] = cell.into;
  const { role } = cell.leaf ?? { role: ROLE.unknown };
  if (!made) return role;
  if (made.part.keeps) return countsAs(made);
  return [ROLE.value, ROLE.encoding, ROLE.unknown].includes(role) ? ROLE.compressed : role;
}

// The layer whose colour a byte has. Bytes that no dissector understood where they stood, and that went
// into another buffer, are understood there.
function layerOf(cell) {
  const { layer } = cell.leaf;
  const [made] = cell.into;
  if (layer.key !== 'unknown' || !made) return layer;
  return made.part.keeps ? layerOf(made) : capture.layers.find(({ key }) => key === 'gzip');
}

// The bytes that a field has in a call, and those of the parents that carry it.
function lights(call, field) {
  const found = new Set();
  const add = (cell) => {
    if (found.has(cell)) return;
    found.add(cell);
    cell.from.forEach(add);
  };
  for (const part of call.parts) part.cells.filter(({ leaf }) => leaf?.field === field).forEach(add);
  return found;
}

// Leaves that say a field's value themselves.
function leavesOf(call, field) {
  const leaves = call.parts.flatMap((part) => part.cells.map(({ leaf }) => leaf));
  return [...new Set(leaves)].filter((leaf) => leaf?.field === field);
}

const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);
const total = (call) => sum(call.up) + sum(call.down);
const ofRole = (call, role) => call.up[role] + call.down[role];
