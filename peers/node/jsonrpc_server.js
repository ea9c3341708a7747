#!/usr/bin/env node
// A course's JSON-RPC server: two methods on jayson, over HTTP.
//
// Usage: jsonrpc_server.js [PORT]
'use strict';

const jayson = require('jayson');

// Parameters come as an array or, by name, as an object.
function calculateMetrics(params, reply) {
  const [cpu, memory] = Array.isArray(params) ? params : [params.cpu_usage, params.memory_usage];
  if (!cpu?.length || !memory?.length) {
    return reply(this.error(jayson.Server.errors.INVALID_PARAMS));
  }
  const maxCpu = Math.max(...cpu);
  reply(null, {
    avg_cpu: mean(cpu),
    max_cpu: maxCpu,
    avg_memory: mean(memory),
    alert: maxCpu > 80,
  });
}

function getSystemInfo(params, reply) {
  reply(null, { server: 'MetricsServer', version: '1.0', status: 'running' });
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const server = new jayson.Server({
  calculate_metrics: calculateMetrics,
  get_system_info: getSystemInfo,
});
const listener = server.http().listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  console.log(`listening on 127.0.0.1:${listener.address().port}`);
});
