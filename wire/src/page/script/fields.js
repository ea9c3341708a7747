// --- Fields: one that is chosen lights its bytes in every protocol.

// Names that are offered; the others are chosen at their bytes.
const OFFERED = 24;

function drawFields(onField) {
  const bar = document.getElementById('fields');
  bar.replaceChildren(element('span', { class: 'label' }, 'Fields'));
  fieldNames.slice(0, OFFERED).forEach((name, field) => {
    const button = element('button', { type: 'button', 'aria-pressed': 'false', 'data-field': name }, visible(name));
    button.addEventListener('click', () => onField(field));
    bar.append(button);
  });
  const more = fieldNames.length - OFFERED;
  if (more > 0) bar.append(element('span', { class: 'label' }, `and ${more} more: click their bytes`));
  bar.hidden = fieldNames.length === 0;
}

function light(calls, field) {
  unmark('lit');
  document.querySelectorAll('.byte[aria-selected=true]').forEach((byte) => byte.setAttribute('aria-selected', 'false'));
  document.body.classList.toggle('choosing', field >= 0);
  for (const button of document.querySelectorAll('[data-field]')) {
    button.setAttribute('aria-pressed', String(button.dataset.field === fieldNames[field]));
  }
  const rows = field < 0 ? [] : calls.map(([wire, call]) => lit(wire, call, field));
  const head = field < 0 ? [] : [element('caption', {}, 'field ', element('b', {}, visible(fieldNames[field])))];
  document.getElementById('chosen').replaceChildren(...(field < 0 ? [] : [element('table', {}, head, rows)]));
}

// Lights a field in one protocol, and says what it is there.
function lit(wire, call, field) {
  const cells = call ? [...lights(call, field)] : [];
  mark(cells, 'lit');
  for (const cell of cells) cell.element?.setAttribute('aria-selected', 'true');
  const name = element('th', { scope: 'row' }, visible(wire.name));
  const leaves = call ? leavesOf(call, field) : [];
  const [leaf] = leaves;
  if (!leaf) return element('tr', {}, name, element('td', { colspan: '2' }, 'no such field'));
  const carried = cells.filter((cell) => !cell.part.by).length;
  const places = leaves.length > 1 ? ` in ${leaves.length} places` : '';
  const hex = leaf.cells.slice(0, 8).map((cell) => cell.hex).join(' ') + (leaf.length > 8 ? ' …' : '');
  const jump = element('button', { type: 'button', title: 'go to its first byte' }, element('code', {}, hex));
  jump.addEventListener('click', () => goTo(leaf.cells[0].element));
  return element('tr', {}, name, element('td', {}, jump), element('td', {}, count(carried, 'byte') + places));
}

function goTo(byte) {
  const folded = byte?.closest('details');
  if (folded) folded.open = true;
  byte?.focus();
}
