#!/usr/bin/env node
// Whether the server's OpenRPC document is one by OpenRPC's own meta-schema,
// and whether it tells the truth: ajv holds what goes and what comes against
// the document's schemas. Prints one JSON object a check, with what is wrong.
//
// Usage: jsonrpc_openrpc.js http://127.0.0.1:8001
'use strict';

const Ajv = require('ajv');
const draft7 = require('ajv/dist/refs/json-schema-draft-07.json');
const jayson = require('jayson');
const openrpc = require('@open-rpc/meta-schema').default;

const client = jayson.Client.http(process.argv[2]);
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });

function call(method, params) {
  return new Promise((resolve, reject) => {
    client.request(method, params, (error, reply) => (error ? reject(error) : resolve(reply)));
  });
}

// What is wrong with a value; none of it where it fits the schema.
function wrong(schema, value) {
  const check = ajv.compile(schema);
  return check(value) ? [] : check.errors.map((error) => `${error.instancePath} ${error.message}`);
}

function print(call, result) {
  console.log(JSON.stringify({ call, result }));
}

// The meta-schema refers to JSON Schema's under addresses of its own.
function metaSchema() {
  const definitions = { JSONSchemaObject: { properties: { $ref: { type: 'string' } } } };
  for (const address of ['https://meta.json-schema.tools', 'https://meta.json-schema.tools/']) {
    ajv.addSchema({ allOf: [{ $ref: draft7.$id }], definitions }, address);
  }
  return { ...openrpc, $schema: draft7.$id };
}

// By name, so that each parameter meets its schema.
async function check(document, name, params) {
  const method = document.methods.find((method) => method.name === name);
  const known = Object.fromEntries(method.params.map((param) => [param.name, param]));
  const faults = Object.entries(params).flatMap(([name, value]) => wrong(known[name].schema, value));
  const missing = method.params.filter((param) => param.required && !(param.name in params));
  const { error, result } = await call(name, params);
  if (error) faults.push(error.message);
  else faults.push(...wrong(method.result.schema, result));
  print(name, [...faults, ...missing.map((param) => `${param.name} is required`)]);
  return result;
}

async function checks() {
  const document = (await call('rpc.discover', [])).result;
  print('the document', wrong(metaSchema(), document));
  await check(document, 'add', { a: 5, b: 3 });
  await check(document, 'get_system_info', {});
  await check(document, 'get_metric', { hostname: 'h', metric_type: 'cpu' });
  await check(document, 'calculate_metrics', { cpu_usage: [45], memory_usage: [2.1] });
  await check(document, 'create_user', { name: 'Ana', email: 'ana@example.org', roles: null });
  await check(document, 'update_user', { id: 1, changes: { roles: ['admin'], name: null } });
  await check(document, 'get_user', { id: 1 });
  await check(document, 'delete_user', { id: 1 });
  await check(document, 'criar_usuario', { nome: 'Rui', email: 'rui@example.org', senha: 'segredo' });
  await check(document, 'obter_usuarios', {});
  const id = await check(document, 'upload_file.open', {});
  await check(document, 'upload_file.send', { id, seq: 0, items: ['aGVsbG8='] });
  await check(document, 'upload_file.close', { id });
  await check(document, 'post_message', { user: 'Ana', text: 'Bom dia!', timestamp: null });
  await check(document, 'list_participants', {});
}

checks().catch((error) => {
  console.error(`jsonrpc_openrpc.js: ${error.message}`);
  process.exitCode = 1;
});
