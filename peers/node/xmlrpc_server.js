#!/usr/bin/env node
// A course's XML-RPC server: three functions on npm's xmlrpc, which has no
// introspection and no multicall.
//
// Usage: xmlrpc_server.js [PORT]
'use strict';

const xmlrpc = require('xmlrpc');

const port = Number(process.argv[2] ?? 0);
const server = xmlrpc.createServer({ host: '127.0.0.1', port }, () => {
  console.log(`listening on 127.0.0.1:${server.httpServer.address().port}`);
});

server.on('add', (error, [a, b], reply) => reply(null, a + b));
server.on('multiply', (error, [a, b], reply) => reply(null, a * b));
server.on('uppercase', (error, [text], reply) => reply(null, text.toUpperCase()));
