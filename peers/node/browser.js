// Drives Chromium as a person would: pointer and keys are real events of its DevTools protocol,
// never calls of the page's own functions.
//
//   node browser.js CHROMIUM URL < steps.json
//
// Steps are a JSON array of objects of one member each:
//   {"size": [1280, 800]}       the window, in CSS pixels
//   {"scheme": "dark"}          or "light"
//   {"hover": "SELECTOR"}       moves the pointer to the middle of that element
//   {"click": "SELECTOR"}       presses and lets go there
//   {"key": "ArrowRight"}       presses and lets go a key
//   {"read": "EXPRESSION"}      what JavaScript gives for it, which has to be JSON
//   {"picture": "FILE.png"}     what the window shows
// Prints a JSON object: {"read": [what each `read` gave], "complaints": [errors and warnings of the page,
// and every address that it asked for]}.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

// Milliseconds; a browser takes seconds to start on a busy machine.
const LIMIT = 50_000;

// Commands and events, each a JSON text that a NUL ends, on two pipes that Chromium knows as 3 and 4.
class Browser {
  constructor(chromium, profile) {
    const options = [
      '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage',
      '--disable-background-networking', '--no-proxy-server', '--hide-scrollbars',
      '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank',
    ];
    const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'];
    // In a group of its own, so that none of its processes outlives it.
    this.process = spawn(chromium, options, { stdio, detached: true });
    this.ended = new Promise((resolve) => { this.process.on('exit', resolve); });
    this.waiting = new Map();
    this.listeners = new Map();
    this.next = 1;
    let text = '';
    this.process.stdio[4].setEncoding('utf8').on('data', (more) => {
      const messages = (text + more).split('\0');
      text = messages.pop();
      for (const message of messages) this.take(JSON.parse(message));
    });
  }

  take({ id, method, params, result, error }) {
    if (id === undefined) {
      this.listeners.get(method)?.(params);
      return;
    }
    const { resolve, reject } = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) reject(new Error(error.message));
    else resolve(result);
  }

  kill() {
    try {
      process.kill(-this.process.pid, 'SIGKILL');
    } catch {
      // All of them have ended.
    }
  }

  on(method, listener) {
    this.listeners.set(method, listener);
  }

  once(method) {
    return new Promise((resolve) => { this.on(method, resolve); });
  }

  send(method, params = {}) {
    const id = this.next;
    this.next += 1;
    const message = { id, method, params, sessionId: this.session };
    this.process.stdio[3].write(`${JSON.stringify(message)}\0`);
    return new Promise((resolve, reject) => { this.waiting.set(id, { resolve, reject }); });
  }

  // A tab of which everything that it complains of is kept.
  async open(url, complaints) {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    this.session = sessionId;
    this.on('Runtime.exceptionThrown', ({ exceptionDetails: { text, exception } }) => complaints.push(exception?.description ?? text));
    this.on('Runtime.consoleAPICalled', ({ type, args }) => complaints.push(`${type}: ${args.map(({ value }) => value)}`));
    this.on('Log.entryAdded', ({ entry }) => complaints.push(`${entry.level}: ${entry.text}`));
    this.on('Network.requestWillBeSent', ({ request }) => { if (request.url !== url) complaints.push(`asks for ${request.url}`); });
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await this.send(`${domain}.enable`);
    const loaded = this.once('Page.loadEventFired');
    const { errorText } = await this.send('Page.navigate', { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
    await loaded;
  }

  async read(expression) {
    const options = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', options);
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
    return result.value ?? null;
  }

  // The middle of an element, scrolled to where it is seen.
  async middle(selector) {
    const place = await this.read(`(() => {
      const found = document.querySelector(${JSON.stringify(selector)});
      if (!found) return null;
      found.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
      const { left, top, width, height } = found.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    })()`);
    if (!place) throw new Error(`no element ${selector}`);
    return place;
  }

  mouse(type, place, more = {}) {
    return this.send('Input.dispatchMouseEvent', { type, ...place, ...more });
  }
}

const KEYS = { Enter: [13, '\r'], ' ': [32, ' '], Tab: [9], Escape: [27], End: [35], Home: [36], ArrowLeft: [37], ArrowUp: [38], ArrowRight: [39], ArrowDown: [40] };

const STEPS = {
  size: (browser, [width, height]) => browser.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false }),
  scheme: (browser, value) => browser.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] }),
  async hover(browser, selector) {
    await browser.mouse('mouseMoved', await browser.middle(selector));
  },
  async click(browser, selector) {
    const place = await browser.middle(selector);
    const left = { button: 'left', clickCount: 1 };
    await browser.mouse('mouseMoved', place);
    await browser.mouse('mousePressed', place, left);
    await browser.mouse('mouseReleased', place, left);
  },
  async key(browser, key) {
    const [windowsVirtualKeyCode, text] = KEYS[key];
    const event = { key, code: key === ' ' ? 'Space' : key, windowsVirtualKeyCode };
    await browser.send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', text, ...event });
    await browser.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  },
  read: (browser, expression) => browser.read(expression),
  async picture(browser, file) {
    const { data } = await browser.send('Page.captureScreenshot', { format: 'png' });
    fs.writeFileSync(file, Buffer.from(data, 'base64'));
  },
};

async function main([chromium, url]) {
  const steps = JSON.parse(fs.readFileSync(0, 'utf8'));
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'trivium-browser-'));
  const browser = new Browser(chromium, profile);
  const limit = setTimeout(() => {
    console.error(`not done in ${LIMIT} ms`);
    browser.kill();
    process.exit(1);
  }, LIMIT);
  const [read, complaints] = [[], []];
  try {
    await browser.open(url, complaints);
    for (const step of steps) {
      const [[name, argument]] = Object.entries(step);
      const result = await STEPS[name](browser, argument);
      if (name === 'read') read.push(result);
    }
    browser.session = undefined;
    await browser.send('Browser.close');
    await browser.ended;
  } finally {
    clearTimeout(limit);
    browser.kill();
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  }
  console.log(JSON.stringify({ read, complaints }));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
