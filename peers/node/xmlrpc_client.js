#!/usr/bin/env node
// A stock XML-RPC client: npm's xmlrpc makes the course calls.
// Prints one JSON object a call, with its result or its fault.
//
// Usage: xmlrpc_client.js http://127.0.0.1:9000
'use strict';

const xmlrpc = require('xmlrpc');

const url = process.argv[2].replace(/\/$/, '');
const atRoot = xmlrpc.createClient(`${url}/`);
const atRpc2 = xmlrpc.createClient(`${url}/RPC2`);

function invoke(client, method, params) {
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
  const shown = params.map((param) => JSON.stringify(param).replaceAll(',', ', ')).join(', ');
  return report(`${method}(${shown})`, () => invoke(atRoot, method, params));
}

// Three calls in one request: the fault of one leaves the others alone.
function multicall() {
  return invoke(atRoot, 'system.multicall', [
    [
      { methodName: 'add', params: [5, 3] },
      { methodName: 'add', params: [2147483647, 1] },
      { methodName: 'multiply', params: [4, 7] },
    ],
  ]);
}

// A server stream by hand: open, ask for more until done, close.
async function streamNumbers() {
  const id = await call('stream_numbers.open', 1, 5);
  if (id === undefined) return;
  await report('stream_numbers.next(id, cursor, 1000) until done', async () => {
    const items = [];
    let page = { cursor: 0, done: false };
    while (!page.done) {
      page = await invoke(atRoot, 'stream_numbers.next', [id, page.cursor, 1000]);
      items.push(...page.items);
    }
    return items;
  });
  await report('stream_numbers.close(id)', () => invoke(atRoot, 'stream_numbers.close', [id]));
}

// A client stream by hand: open, send two batches, close for the summary.
async function recordMetrics() {
  const id = await call('record_metrics.open');
  if (id === undefined) return;
  const step = (method, ...params) => invoke(atRoot, `record_metrics.${method}`, [id, ...params]);
  await report('record_metrics.send(id, 0, [10, 20])', () => step('send', 0, [10, 20].map(metric)));
  await report('record_metrics.send(id, 1, [60])', () => step('send', 1, [60].map(metric)));
  await report('record_metrics.close(id)', () => step('close'));
}

// A reading as XML-RPC carries it: a Date goes as dateTime.iso8601. The value
// goes as an int, since JavaScript has one kind of number.
function metric(value) {
  const timestamp = new Date('2026-01-02T03:04:05Z');
  return { hostname: 'web-1', metric_type: 'cpu', value, timestamp, unit: 'percent' };
}

async function main() {
  await call('add', 5, 3);
  await report('add(5, 3) at /RPC2', () => invoke(atRpc2, 'add', [5, 3]));
  await call('multiply', 4, 7);
  await call('uppercase', 'hello world');
  await call('uppercase', 'straße');
  await call('cube', 5);
  await call('add', 2147483647, 1);
  await call('divide', 5, 3);
  await call('say_hello', 42);
  await call('calculate_metrics', [45, 67, 89, 34, 56], [2.1, 2.3, 2.5, 2.2, 2.4]);
  await call('calculate_metrics', [], [2.1]);
  await call('get_system_info');
  await call('get_metric', 'h', 'memory');
  await call('get_metric', 'h', 'network');
  await call('check_health', 'api');
  await call('system.listMethods');
  await report('system.multicall(add, add overflow, multiply)', multicall);
  await streamNumbers();
  await call('stream_numbers.open', 5, 1);
  await recordMetrics();
}

main().catch((error) => {
  console.error(`xmlrpc_client.js: ${error.message}`);
  process.exitCode = 1;
});
