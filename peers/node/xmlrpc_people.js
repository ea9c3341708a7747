#!/usr/bin/env node
// A stock XML-RPC client: npm's xmlrpc does users, an upload and a chat.
// Prints one JSON object a call, with its result or its fault.
//
// Usage: xmlrpc_people.js http://127.0.0.1:9000
'use strict';

const xmlrpc = require('xmlrpc');

const url = process.argv[2].replace(/\/$/, '');
const client = xmlrpc.createClient(`${url}/`);

function invoke(method, ...params) {
  return new Promise((resolve, reject) => {
    client.methodCall(method, params, (error, value) => (error ? reject(error) : resolve(value)));
  });
}

// Makes one call, prints its outcome as a line and returns the result.
async function report(label, outcome) {
  const line = { call: label };
  try {
    line.result = await outcome();
  } catch (error) {
    if (error.faultCode === undefined) throw error; // The library's own.
    line.error = { code: error.faultCode, message: error.faultString };
  }
  console.log(JSON.stringify(line));
  return line.result;
}

// Calls a method by its name and reports it as it would be written.
function call(method, ...params) {
  const shown = params.map((param) => JSON.stringify(param)).join(', ');
  return report(`${method}(${shown})`, () => invoke(method, ...params));
}

// Every item of an opened stream, taken from it until it is done.
async function drain(id, next) {
  const items = [];
  let page = { cursor: 0, done: false };
  while (!page.done) {
    page = await invoke(next, id, page.cursor, 5000);
    items.push(...page.items);
  }
  return items;
}

// The life of a user. What may be left out at the end is left out at first.
async function users() {
  const ana = await call('create_user', 'Ana', 'ana@example.org');
  await call('create_user', 'Bento', 'bento@example.org', ['admin', 'poet'], 'bento-1');
  await call('create_user', 'Another', 'ANA@example.org');
  await call('get_user', ana.id);
  await call('get_user', 4711);
  await call('update_user', ana.id, { roles: ['guest'] });
  await report('list_users', async () => drain(await invoke('list_users.open'), 'list_users.next'));
  await call('delete_user', ana.id);
  await call('criar_usuario', 'Caio', 'caio@example.org', 'segredo', 'caio-1');
  await call('obter_usuarios');
}

// A file in two chunks: a Buffer goes as base64.
async function upload() {
  const id = await report('upload_file.open()', () => invoke('upload_file.open'));
  const send = (seq, chunk) => () => invoke('upload_file.send', id, seq, [chunk]);
  await report('upload_file.send(id, 0, [64 KiB])', send(0, Buffer.alloc(65536)));
  await report('upload_file.send(id, 1, [olá])', send(1, Buffer.from('olá')));
  await report('upload_file.close(id)', () => invoke('upload_file.close', id));
}

// Two participants: one polls while the other says something.
async function chat() {
  const ana = await report('chat.open(Ana)', () => invoke('chat.open', 'Ana'));
  const bento = await report('chat.open(Bento)', () => invoke('chat.open', 'Bento'));
  await call('list_participants');
  const heard = drain(bento, 'chat.next');
  const say = (id, seq, line) => () => invoke('chat.send', id, seq, [line]);
  await report('chat.send(ana, 0, [olá])', say(ana, 0, { text: 'olá', id: 'a-0' }));
  await call('post_message', 'Caio', 'de fora');
  await report('chat.send(bento, 0, [<eu> & tu])', say(bento, 0, { text: '<eu> & tu' }));
  await report('chat.close(bento)', () => invoke('chat.close', bento));
  await report('chat.next(bento, cursor, 5000) until done', () => heard);
  await report('chat.cancel(ana)', () => invoke('chat.cancel', ana));
  await call('list_participants');
}

async function main() {
  await users();
  await upload();
  await chat();
}

main().catch((error) => {
  console.error(`xmlrpc_people.js: ${error.message}`);
  process.exitCode = 1;
});
