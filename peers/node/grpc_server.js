#!/usr/bin/env node
// The courses' gRPC servers in one: @grpc/grpc-js, with the contract read from
// proto/ at run time. A method that has no handler here is UNIMPLEMENTED.
//
// Usage: grpc_server.js [PORT [PACE_SECONDS]]
'use strict';

const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const port = Number(process.argv[2] ?? 0);
// The time between two items of a stream; none, so that tests are quick.
const paceMs = Number(process.argv[3] ?? 0) * 1000;
const units = { cpu: 'percent', memory: 'GB', disk: 'GB' };

const calculator = {
  // A cube that does not fit in 32 bits wraps: the library does not check.
  CalculateCube: ({ request }, reply) => reply(null, { result: request.number ** 3 }),
};

const doStuff = {
  say_hello: ({ request }, reply) => reply(null, { retval: `Hello, ${request.pid}!` }),
  say_hello_again: ({ request }, reply) => reply(null, { retval: `Hello again, ${request.pid}!` }),
};

const streamService = {
  async StreamNumbers(call) {
    const { start, end } = call.request;
    if (end < start || end - start > 1000) {
      return call.emit('error', invalidArgument('the range is reversed or too wide'));
    }
    for (let number = start; number <= end && !call.cancelled; number++) {
      call.write({ number, message: `The square of ${number} is ${number * number}` });
      await sleep(paceMs);
    }
    call.end();
  },
};

const monitoringService = {
  GetMetric({ request }, reply) {
    const metric = read(request);
    metric ? reply(null, metric) : reply(unknownMetric(request));
  },
  async StreamMetrics(call) {
    if (!read(call.request)) return call.emit('error', unknownMetric(call.request));
    for (let count = 0; count < 10 && !call.cancelled; count++) {
      call.write(read(call.request));
      await sleep(paceMs);
    }
    call.end();
  },
  CheckHealth: ({ request }, reply) =>
    reply(null, { healthy: true, message: `Service ${request.service} is running` }),
};

// A course invents its readings.
function read({ hostname, metric_type }) {
  metric_type ||= 'memory';
  if (!units[metric_type]) return undefined;
  const value = 1 + 98 * Math.random();
  const timestamp = Math.floor(Date.now() / 1000);
  return { hostname, metric_type, value, timestamp, unit: units[metric_type] };
}

function unknownMetric({ metric_type }) {
  return invalidArgument(`unknown metric '${metric_type}'`);
}

function invalidArgument(details) {
  return { code: grpc.status.INVALID_ARGUMENT, details };
}

const files = ['calculator', 'hello', 'streaming', 'monitoring'].map((name) => `${name}.proto`);
const definition = protoLoader.loadSync(files, {
  includeDirs: [path.join(__dirname, '../../proto')],
  keepCase: true,
  longs: String,
  defaults: true,
});
const contract = grpc.loadPackageDefinition(definition);

const server = new grpc.Server();
server.addService(contract.calculator.Calculator.service, calculator);
server.addService(contract.hello.DoStuff.service, doStuff);
server.addService(contract.streaming.StreamService.service, streamService);
server.addService(contract.monitoring.MonitoringService.service, monitoringService);
server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, bound) => {
  if (error) throw error;
  console.log(`listening on 127.0.0.1:${bound}`);
});
