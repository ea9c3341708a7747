#!/usr/bin/env node
// A stock gRPC client: @grpc/grpc-js makes every call of the four course
// services, with the contract read from proto/ at run time.
// Prints one JSON object a call, with its result or its status; an int64 is
// printed as a string.
//
// Usage: grpc_client.js 127.0.0.1:50051
'use strict';

const path = require('node:path');
const { promisify } = require('node:util');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const TIMEOUT_MS = 15_000;

const address = process.argv[2];
const files = ['calculator', 'hello', 'streaming', 'monitoring'].map((name) => `${name}.proto`);
const definition = protoLoader.loadSync(files, {
  includeDirs: [path.join(__dirname, '../../proto')],
  keepCase: true,
  longs: String,
  defaults: true,
});
const contract = grpc.loadPackageDefinition(definition);
const plaintext = grpc.credentials.createInsecure();
const calculator = new contract.calculator.Calculator(address, plaintext);
const hello = new contract.hello.DoStuff(address, plaintext);
const streaming = new contract.streaming.StreamService(address, plaintext);
const monitoring = new contract.monitoring.MonitoringService(address, plaintext);
const clients = [calculator, hello, streaming, monitoring];

function within(milliseconds = TIMEOUT_MS) {
  return { deadline: Date.now() + milliseconds };
}

// Makes one call and prints its outcome as a line.
async function report(label, outcome) {
  const line = { call: label };
  try {
    line.result = await outcome();
  } catch (error) {
    if (error.code === undefined || error.details === undefined) throw error; // Not a status.
    line.error = { code: grpc.status[error.code], message: error.details };
  }
  console.log(JSON.stringify(line));
}

// One message up, one down.
function unary(client, method, request) {
  return promisify(client[method]).call(client, request, within());
}

// One message up, a stream down.
function stream(client, method, request) {
  return client[method](request, within()).toArray();
}

// Readings up, their summary down. Without `end` the sender pauses for ever.
function record(values, { end, milliseconds }) {
  return new Promise((resolve, reject) => {
    const call = monitoring.RecordMetrics(within(milliseconds), (error, summary) =>
      error ? reject(error) : resolve(summary),
    );
    values.forEach((value) => call.write(metric(value)));
    if (end) call.end();
  });
}

function metric(value) {
  return { hostname: 'web-1', metric_type: 'cpu', value, timestamp: 1767323045, unit: 'percent' };
}

// A method that the contract does not have.
function divide() {
  const bytes = (value) => value;
  return new Promise((resolve, reject) => {
    const done = (error, reply) => (error ? reject(error) : resolve(reply));
    const name = '/calculator.Calculator/Divide';
    calculator.makeUnaryRequest(name, bytes, bytes, Buffer.alloc(0), within(), done);
  });
}

async function main() {
  await promisify(calculator.waitForReady).call(calculator, Date.now() + 5_000);

  await report('Add(5, 3)', () => unary(calculator, 'Add', { a: 5, b: 3 }));
  await report('Multiply(4, 7)', () => unary(calculator, 'Multiply', { a: 4, b: 7 }));
  await report('Uppercase("straße")', () => unary(calculator, 'Uppercase', { text: 'straße' }));
  await report('CalculateCube(5)', () => unary(calculator, 'CalculateCube', { number: 5 }));
  await report('Add(2147483647, 1)', () => unary(calculator, 'Add', { a: 2147483647, b: 1 }));
  await report('CalculateCube(2000)', () => unary(calculator, 'CalculateCube', { number: 2000 }));
  await report('Divide()', divide);

  await report('say_hello(42)', () => unary(hello, 'say_hello', { pid: 42 }));
  await report('say_hello_again(42)', () => unary(hello, 'say_hello_again', { pid: 42 }));

  for (const [start, end] of [[1, 5], [5, 1], [0, 1001]]) {
    const range = { start, end };
    await report(`StreamNumbers(${start}, ${end})`, () => stream(streaming, 'StreamNumbers', range));
  }

  for (const metric_type of ['cpu', 'memory', 'disk', '', 'network']) {
    const request = { hostname: 'h', metric_type };
    await report(`GetMetric("h", "${metric_type}")`, () => unary(monitoring, 'GetMetric', request));
  }
  const cpu = { hostname: 'h', metric_type: 'cpu' };
  await report('StreamMetrics("h", "cpu")', () => stream(monitoring, 'StreamMetrics', cpu));
  await report('CheckHealth("api")', () => unary(monitoring, 'CheckHealth', { service: 'api' }));
  const usage = { cpu_usage: [45, 67, 89], memory_usage: [2.1, 2.3] };
  const calculate = (request) => unary(monitoring, 'CalculateMetrics', request);
  await report('CalculateMetrics([45, 67, 89], [2.1, 2.3])', () => calculate(usage));
  await report('CalculateMetrics([], [2.1])', () => calculate({ memory_usage: [2.1] }));
  await report('GetSystemInfo()', () => unary(monitoring, 'GetSystemInfo', {}));
  await report('RecordMetrics([10, 20, 60])', () => record([10, 20, 60], { end: true }));
  const pausing = { end: false, milliseconds: 200 };
  await report('RecordMetrics([10, a pause]) within 0.2 s', () => record([10], pausing));
}

main()
  .catch((error) => {
    console.error(`grpc_client.js: ${error.message}`);
    process.exitCode = 1;
  })
  .finally(() => clients.forEach((client) => client.close()));
