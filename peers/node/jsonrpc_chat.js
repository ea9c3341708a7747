#!/usr/bin/env node
// A chat by hand over a WebSocket, as a page in a browser would do it: ws
// takes part twice, both say a line, one leaves, the other goes without a
// word. Prints one JSON object a step, with its result or its error.
//
// Usage: jsonrpc_chat.js http://127.0.0.1:8001
'use strict';

const { once } = require('node:events');
const WebSocket = require('ws');

const url = process.argv[2].replace(/^http/, 'ws');

// A participant: calls by promise, and lines as they come.
class Participant {
  static async join(user, after) {
    const participant = new Participant(new WebSocket(url));
    await once(participant.socket, 'open');
    const reply = await participant.call('subscribe_chat', { user, after });
    participant.subscription = reply.result;
    return participant;
  }

  constructor(socket) {
    this.socket = socket;
    this.replies = new Map();
    this.items = [];
    this.seq = 0;
    socket.on('message', (text) => this.receive(JSON.parse(text)));
    socket.on('close', () => this.deliver({ error: { code: 0, message: 'closed' } }));
  }

  receive(message) {
    if (message.method === 'chat') this.deliver(message.params.result);
    else this.replies.get(message.id)(message);
  }

  // Gives an item to who waits for it, else keeps it.
  deliver(item) {
    if (this.waiting) this.waiting(item);
    else this.items.push(item);
    this.waiting = undefined;
  }

  call(method, params) {
    const id = this.replies.size + 1;
    const replied = new Promise((resolve) => this.replies.set(id, resolve));
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return replied;
  }

  // A line of its own id may be sent again: it is said once.
  say(text, id = '') {
    const items = [{ user: '', text, id }];
    return this.call('chat.send', [this.subscription, this.seq++, items]);
  }

  // The next line, { end: null }, or { error }.
  next() {
    if (this.items.length > 0) return Promise.resolve(this.items.shift());
    return new Promise((resolve) => (this.waiting = resolve));
  }
}

function print(call, { result = null, error }) {
  const outcome = error ? { error: { code: error.code, message: error.message } } : { result };
  console.log(JSON.stringify({ call, ...outcome }));
}

async function chat() {
  const ana = await Participant.join('Ana');
  const rui = await Participant.join('Rui', 0);
  print('list_participants()', await ana.call('list_participants', []));
  print('Ana says', await ana.say('Bom dia!', 'a1'));
  print('Ana says it again', await ana.say('Bom dia!', 'a1'));
  print('Rui says', await rui.say('Olá, Ana!'));
  print('Ana hears', { result: [await ana.next(), await ana.next()] });
  print('Rui hears', { result: [await rui.next(), await rui.next()] });
  const stolen = [ana.subscription, 9, []];
  print('Rui speaks for Ana', await rui.call('chat.send', stolen));
  print('Ana leaves', await ana.call('chat.close', [ana.subscription]));
  print('Ana hears the end', { result: await ana.next() });
  print('Rui gives up', await rui.call('unsubscribe_chat', [rui.subscription]));
  const late = await Participant.join('Eva', 1);
  print('Eva catches up', { result: await late.next() });
  print('Eva says too much', await late.say('x'.repeat(20_000)));
  print('Eva is told', { result: await late.next() });
  for (const { socket } of [ana, rui, late]) socket.close();
}

chat().catch((error) => {
  console.error(`jsonrpc_chat.js: ${error.message}`);
  process.exitCode = 1;
});
