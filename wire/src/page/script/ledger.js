// --- Where the bytes went: the table with its bars, and the sentence above it.

// Roles that some call has bytes of, as places in `capture.roles`; unknown bytes and compressed ones are rare.
function rolesInUse() {
  const calls = capture.wires.flatMap((wire) => wire.calls);
  const always = [ROLE.value, ROLE.encoding, ROLE.headers, ROLE.framing, ROLE.setup];
  return capture.roles.map((_, role) => role)
    .filter((role) => always.includes(role) || calls.some((call) => ofRole(call, role) > 0));
}

function drawLedger(calls, onRole) {
  const roles = rolesInUse();
  // The same scale for cold and warm, so that changing between them shows what is saved.
  const longest = Math.max(1, ...capture.wires.flatMap((wire) => wire.calls).map(total));
  const heads = roles.map((role) => element('th', { scope: 'col' }, roleButton(role, onRole)));
  const head = element('tr', {}, element('td'), element('td'), heads, element('th', { scope: 'col' }, 'bytes'));
  const rows = calls.map(([wire, call]) => (call ? ledgerRow(wire, call, roles, longest) : undefined));
  document.getElementById('ledger').replaceChildren(
    element('caption', {}, 'Where the bytes went, both ways'),
    element('thead', {}, head),
    element('tbody', {}, rows),
  );
}

function roleButton(role, onRole) {
  const { key, name, about } = capture.roles[role];
  const swatch = element('span', { class: `swatch fill-${key}` });
  const button = element('button', { type: 'button', title: about, 'aria-pressed': 'false', 'data-role': key }, swatch, name);
  button.addEventListener('click', () => onRole(role));
  return button;
}

function ledgerRow(wire, call, roles, longest) {
  const parts = roles.filter((role) => ofRole(call, role) > 0).map((role) => {
    const part = element('span', { class: `fill-${capture.roles[role].key}` });
    part.style.flexGrow = ofRole(call, role);
    return part;
  });
  const bar = element('div', { class: 'bar' }, parts);
  bar.style.width = `${(100 * total(call)) / longest}%`;
  const cell = (role) => element('td', {
    class: ofRole(call, role) === 0 ? 'none' : undefined,
    'data-name': capture.roles[role].name,
  }, ofRole(call, role).toLocaleString('en'));
  const both = element('td', { class: 'total', title: `${sum(call.up)} up, ${sum(call.down)} down` }, total(call).toLocaleString('en'));
  return element('tr', {},
    element('th', { scope: 'row' }, visible(wire.name)),
    element('td', { class: 'where' }, bar),
    roles.map(cell), both);
}

// All that passed on a connection, which need not be the same as on another.
const WHOLE = 'whole';

// What the numbers say, in two sentences at most.
function summary(calls, state) {
  const made = calls.filter(([, call]) => call).sort(([, one], [, other]) => total(one) - total(other));
  if (made.length === 0) return '';
  const [least, most] = [made[0], made.at(-1)];
  const said = [];
  if (state === WHOLE) {
    // Nobody says that the same was called on each of them.
    const each = calls.filter(([, call]) => call).map(([wire, call]) => `${wire.name} carried ${count(total(call), 'byte')}, ${valueOf(call)} of them value`);
    said.push(sentence(each.join('; ')));
  } else if (made.length === 1) {
    said.push(`The ${state} call takes ${count(total(least[1]), 'byte')} over ${least[0].name}, ${valueOf(least[1])} of them value.`);
  } else {
    const times = (total(most[1]) / total(least[1])).toFixed(1);
    said.push(`The same ${state} call takes ${count(total(most[1]), 'byte')} over ${most[0].name} and ${total(least[1])} over ${least[0].name}: ${times} times as many.`);
    said.push(valueOf(most[1]) === valueOf(least[1])
      ? `What was to be said takes ${count(valueOf(most[1]), 'byte')} of each.`
      : `What was to be said takes ${count(valueOf(most[1]), 'byte')} of the one and ${valueOf(least[1])} of the other.`);
  }
  const saved = made.filter(([, call]) => call.saved > 0);
  said.push(...saved.map(([wire, call]) => `HPACK saved ${wire.name} ${count(call.saved, 'byte')} of headers.`));
  return visible(said.join(' '));
}

const valueOf = (call) => ofRole(call, ROLE.value);
