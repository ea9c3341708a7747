#!/usr/bin/env node
// Draws a recording of asciinema as one animated SVG that any page can show as a
// picture: no script, no font and no colour from elsewhere. The terminal is
// xterm.js's; npm's svg-term does not start (it lacks its own dependencies), and
// agg's GIF would be larger and blurred.
//
// Every row of the screen is drawn once for each text that it ever shows, and is
// seen while it shows that. Where nothing moves, the last screen is seen.
//
// Usage: draw.js four-people.cast four-people.svg
'use strict';

const fs = require('node:fs');
const { Terminal } = require('@xterm/headless');
const { colours, screen } = require('./look');

// Of one character, in pixels of a picture that pages scale.
const WIDTH = 8.4;
const HEIGHT = 18;
const FONT = 14;
// Around all, in pixels.
const MARGIN = 10;
// What a terminal writes within so many seconds is seen at once: a screen that is
// drawn in parts is never seen half.
const AT_ONCE = 0.04;
// How long the last screen is seen before it begins again, in seconds.
const PAUSE = 5;
// Places are in pixels with that many digits, times in parts of the whole.
const DIGITS = 1;
const TIME_DIGITS = 5;

async function main([cast, svg]) {
  const [header, ...events] = fs.readFileSync(cast, 'utf8').trim().split('\n').map(JSON.parse);
  const frames = await played(header, events);
  const end = frames.at(-1).time + PAUSE;
  fs.writeFileSync(svg, drawn(header, stretches(frames, end), end));
}

// The screens, and when each is seen first.
async function played({ width, height }, events) {
  const terminal = new Terminal({ cols: width, rows: height, allowProposedApi: true, scrollback: 0 });
  const frames = [];
  const outputs = events.filter(([, kind]) => kind === 'o');
  for (const [at, [time, , data]] of outputs.entries()) {
    await new Promise((written) => terminal.write(data, written));
    const next = outputs[at + 1];
    if (!next || next[0] - time > AT_ONCE) {
      frames.push({ time, rows: screen(terminal) });
    }
  }
  return frames;
}

// From when to when each row shows what.
function stretches(frames, end) {
  const found = [];
  for (let row = 0; row < frames[0].rows.length; row += 1) {
    let open = null;
    for (const { time, rows } of frames) {
      const key = JSON.stringify(rows[row]);
      if (open && open.key === key) continue;
      if (open) open.to = time;
      open = { row, key, pieces: rows[row], from: time, to: end };
      found.push(open);
    }
  }
  return found.filter(({ pieces, from, to }) => pieces.length > 0 && to > from);
}

function drawn({ width, height, title }, found, end) {
  const shapes = new Map();
  const uses = found.map((stretch) => {
    if (!shapes.has(stretch.key)) {
      shapes.set(stretch.key, { id: `r${shapes.size.toString(36)}`, pieces: stretch.pieces });
    }
    return use(shapes.get(stretch.key).id, stretch, end);
  });
  const [x, y] = [width * WIDTH + 2 * MARGIN, height * HEIGHT + 2 * MARGIN];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${short(x)} ${short(y)}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="6" fill="${colours.background}"/>`,
    `<g transform="translate(${MARGIN} ${MARGIN})" font-size="${FONT}" fill="${colours.text}"`,
    ' font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace">',
    '<defs>',
    ...[...shapes.values()].map(({ id, pieces }) => `<g id="${id}">${pieces.map(piece).join('')}</g>`),
    '</defs>',
    ...uses,
    '</g></svg>',
    '',
  ].join('\n');
}

// A row, seen in its time of each turn.
function use(id, { row, from, to }, end) {
  const part = (time) => Number((time / end).toFixed(TIME_DIGITS));
  const seen = [
    { at: 0, value: from <= 0 ? 'inline' : 'none' },
    { at: part(from), value: 'inline' },
    { at: part(to), value: 'none' },
  ].filter(({ at }, index) => at < 1 && (index === 0 || at > 0));
  const last = to === end;
  const values = seen.map(({ value }) => value).join(';');
  const times = seen.map(({ at }) => at).join(';');
  return `<use href="#${id}" y="${row * HEIGHT}"${last ? '' : ' display="none"'}>`
    + `<animate attributeName="display" calcMode="discrete" values="${values}" keyTimes="${times}"`
    + ` dur="${short(end)}s" repeatCount="indefinite"/></use>`;
}

// A piece of one look: what is behind it, then its characters.
function piece({ column, columns, text, colour, behind, bold, dim, lines }) {
  const place = `x="${short(column * WIDTH)}" width="${short(columns * WIDTH)}" height="${HEIGHT}"`;
  const back = behind ? `<rect ${place} fill="${behind}"/>` : '';
  if (lines) {
    const strokes = [...text].map((character, at) => line(character, column + at));
    return `${back}<path d="${strokes.join('')}" stroke="${colour ?? colours.text}"/>`;
  }
  const fill = colour ? ` fill="${colour}"` : '';
  const look = fill + (bold ? ' font-weight="bold"' : '') + (dim ? ' opacity=".6"' : '');
  return back + words(text, column, columns, look).join('');
}

// Pictures leave out blanks at the ends of a text and more than one within. The length makes the
// columns right whatever the font.
function words(text, column, columns, look) {
  const wide = columns > text.length;
  return [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: words, index }) => {
    const width = short((wide ? columns : words.length) * WIDTH);
    const x = short((column + index) * WIDTH);
    return `<text x="${x}" y="${FONT}" textLength="${width}"${look}>${escaped(words)}</text>`;
  });
}

// To which sides a character of a frame goes: up, right, down, left.
const SIDES = {
  '─': [0, 1, 0, 1], '│': [1, 0, 1, 0], '┼': [1, 1, 1, 1],
  '├': [1, 1, 1, 0], '┤': [1, 0, 1, 1], '┬': [0, 1, 1, 1], '┴': [1, 1, 0, 1],
};

function line(character, column) {
  const [x, y] = [(column + 0.5) * WIDTH, HEIGHT / 2];
  const ends = [[x, 0], [x + WIDTH / 2, y], [x, HEIGHT], [x - WIDTH / 2, y]];
  const sides = SIDES[character].map((goes, side) => goes && ends[side]).filter(Boolean);
  return sides.map((to) => `M${short(x)} ${y}L${to.map(short).join(' ')}`).join('');
}

function short(number) {
  return String(Number(number.toFixed(DIGITS)));
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

main(process.argv.slice(2));
