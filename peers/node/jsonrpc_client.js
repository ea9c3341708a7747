#!/usr/bin/env node
// A stock JSON-RPC client: jayson makes the course calls over HTTP, then ws
// makes one call and two subscriptions over a WebSocket on the same port.
// Prints one JSON object a call, with its result or its error.
//
// Usage: jsonrpc_client.js http://127.0.0.1:8001
'use strict';

const { once, on } = require('node:events');
const jayson = require('jayson');
const WebSocket = require('ws');

const url = process.argv[2];
const client = jayson.Client.http(url);

// What came back for a request, a batch (an array) or a notification (nothing).
function send(request) {
  return new Promise((resolve, reject) => {
    client.request(request, (error, reply) => (error ? reject(error) : resolve(reply)));
  });
}

function print(label, { result = null, error }) {
  console.log(JSON.stringify({ call: label, ...outcome({ result, error }) }));
}

function outcome({ result, error }) {
  return error ? { error: { code: error.code, message: error.message } } : { result };
}

// Calls a method with an array or, by name, an object, and prints the outcome.
async function call(method, params) {
  const reply = await send(client.request(method, params));
  print(`${method}(${show(params)})`, reply);
  return reply.result;
}

// Parameters as they would be written in a call: 5, 3 or a=5, b=3.
function show(params) {
  const text = (value) => JSON.stringify(value).replaceAll(',', ', ');
  if (Array.isArray(params)) return params.map(text).join(', ');
  return Object.entries(params).map(([name, value]) => `${name}=${text(value)}`).join(', ');
}

// Four calls and a notification in one request: four replies, in any order.
async function batch() {
  const requests = [
    client.request('add', [5, 3], 1),
    client.request('add', [1, 2], null),
    client.request('multiply', { a: 4, b: 7 }, 2),
    client.request('add', [2147483647, 1], 3),
    client.request('divide', [5, 3], 4),
  ];
  const replies = await send(requests);
  replies.sort((one, other) => one.id - other.id);
  const result = replies.map(outcome);
  print('batch(add, notification, multiply, add overflow, divide)', { result });
}

// A client stream by hand: open, send two batches, close for the summary.
async function recordMetrics() {
  const id = await call('record_metrics.open', []);
  if (id === undefined) return;
  const step = (method, ...params) => send(client.request(`record_metrics.${method}`, params));
  print('record_metrics.send(id, 0, [10, 20])', await step('send', id, 0, [10, 20].map(metric)));
  print('record_metrics.send(id, 1, [60])', await step('send', id, 1, [60].map(metric)));
  print('record_metrics.close(id)', await step('close', id));
}

// A reading as JSON carries it: the time is in Unix seconds.
function metric(value) {
  return { hostname: 'web-1', metric_type: 'cpu', value, timestamp: 1767323045, unit: 'percent' };
}

async function overHttp() {
  await call('add', [5, 3]);
  await call('add', { a: 5, b: 3 });
  await call('multiply', [4, 7]);
  await call('uppercase', ['straße']);
  await call('cube', [5]);
  await call('add', [2147483647, 1]);
  await call('divide', [5, 3]);
  await call('add', [5]);
  await call('say_hello', { pid: 42 });
  await call('calculate_metrics', [[45, 67, 89, 34, 56], [2.1, 2.3, 2.5, 2.2, 2.4]]);
  await call('calculate_metrics', { cpu_usage: [45, 67], memory_usage: [2.1, 2.3] });
  await call('calculate_metrics', [[], [2.1]]);
  await call('get_system_info', []);
  await call('get_metric', ['h', 'memory']);
  await call('get_metric', ['h', 'network']);
  await call('check_health', ['api']);
  print('notification add(1, 2)', { result: await send(client.request('add', [1, 2], null)) });
  await batch();
  await recordMetrics();
}

async function overWebSocket() {
  const socket = new WebSocket(url.replace(/^http/, 'ws'));
  await once(socket, 'open');
  const incoming = on(socket, 'message', { close: ['close'] });
  const receive = async () => {
    const { value, done } = await incoming.next();
    if (done) throw new Error('the server closed the WebSocket');
    return JSON.parse(value[0]);
  };
  const request = (id, method, params) => {
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
  };

  request(1, 'add', [20, 22]);
  print('add(20, 22) over WebSocket', await receive());

  request(2, 'subscribe_stream_numbers', [1, 5]);
  await subscription('(1, 5) over WebSocket', receive);

  request(3, 'subscribe_stream_numbers', { start: 5, end: 1 });
  await subscription('(start=5, end=1) over WebSocket', receive);
  socket.close();
}

// Prints the reply, then every item up to the end or the error. Nothing but
// this subscription is under way on the socket.
async function subscription(label, receive) {
  let reply;
  let last;
  const items = [];
  while (!reply?.error && !(reply && last)) {
    const message = await receive();
    if (message.method !== 'stream_numbers') reply = message;
    else if ('item' in message.params.result) items.push(message.params.result.item);
    else last = message.params.result;
  }
  print(`subscribe_stream_numbers${label}`, reply);
  if (last) print(`stream_numbers${label}`, { result: items, error: last.error });
}

overHttp()
  .then(overWebSocket)
  .catch((error) => {
    console.error(`jsonrpc_client.js: ${error.message}`);
    process.exitCode = 1;
  });
