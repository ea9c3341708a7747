// What is on the screen of a terminal of xterm.js, as pieces of one look each.
'use strict';

// A dark screen, on light pages and dark ones.
const colours = { background: '#16181d', text: '#d8dade' };

// The sixteen colours that a terminal gives names to, legible on that screen.
const NAMED = [
  '#3b3f47', '#e06c75', '#8cc265', '#d9b063', '#61a5ee', '#c678dd', '#4fb8c4', '#d8dade',
  '#70757f', '#ff8b92', '#a8dd83', '#f0cf8a', '#8cc4ff', '#e0a0f2', '#7ddbe6', '#ffffff',
];
// Six steps of each of red, green and blue come next, then greys: the colours that
// xterm's 256colres.h gives to terminals of 256.
const STEPS = [0, 95, 135, 175, 215, 255];
const FRAME = /^[─│┼├┤┬┴]$/;

// The pieces of each row.
function screen(terminal) {
  const buffer = terminal.buffer.active;
  const cursor = { row: buffer.cursorY, column: buffer.cursorX };
  return Array.from({ length: terminal.rows }, (_, row) => {
    const line = buffer.getLine(buffer.viewportY + row);
    return pieces(cells(line, terminal.cols, cursor.row === row ? cursor.column : -1));
  });
}

function cells(line, columns, cursor) {
  const found = [];
  for (let column = 0; column < columns; column += 1) {
    const cell = line.getCell(column);
    // The second column of a wide character has no width of its own.
    if (cell.getWidth() > 0) found.push(seen(cell, column, column === cursor));
  }
  return found;
}

function seen(cell, column, isCursor) {
  const text = cell.getChars() || ' ';
  const front = colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor());
  const back = colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor());
  const turned = Boolean(cell.isInverse()) !== isCursor;
  return {
    column,
    columns: cell.getWidth(),
    text,
    colour: turned ? back ?? colours.background : front,
    behind: turned ? front ?? colours.text : back,
    bold: Boolean(cell.isBold()),
    dim: Boolean(cell.isDim()),
    lines: FRAME.test(text),
  };
}

function colour(isDefault, isWhole, number) {
  if (isDefault) return undefined;
  const whole = (red, green, blue) => `#${[red, green, blue].map((it) => it.toString(16).padStart(2, '0')).join('')}`;
  if (isWhole) return `#${number.toString(16).padStart(6, '0')}`;
  if (number < 16) return NAMED[number];
  if (number >= 232) return whole(...Array(3).fill(8 + (number - 232) * 10));
  const place = number - 16;
  return whole(STEPS[Math.floor(place / 36)], STEPS[Math.floor(place / 6) % 6], STEPS[place % 6]);
}

// Neighbours of one look together; blanks where nothing is behind them are no piece.
function pieces(row) {
  const found = [];
  for (const cell of row) {
    const before = found.at(-1);
    if (before && joins(before, cell)) {
      before.text += cell.text;
      before.columns += cell.columns;
    } else {
      found.push({ ...cell });
    }
  }
  return found.filter(({ text, behind }) => text.trim() !== '' || behind);
}

// A wide character is a piece of its own, so that places can be counted in characters.
function joins(before, cell) {
  const sameLook = ['colour', 'behind', 'bold', 'dim', 'lines'].every((key) => before[key] === cell[key]);
  return sameLook && before.columns === before.text.length && cell.columns === 1;
}

module.exports = { colours, screen };
