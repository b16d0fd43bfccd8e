// Lets this Node reach only this machine: what it asks of others is written down and refused.
"use strict";
const fs = require("node:fs");
const net = require("node:net");

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  // net.connect hands its arguments on as a list in a list
  const [first, second] = Array.isArray(given[0]) ? given[0] : given;
  const options = typeof first === "object" ? first : { port: first, host: second };
  const host = options.host ?? "localhost";
  if (options.path || host === "localhost" || host === "::1" || host.startsWith("127.")) {
    return connect.apply(this, given);
  }
  fs.appendFileSync(process.env.MLGOV_TEST_CONNECTIONS, `node ${host}\n`);
  process.nextTick(() => this.destroy(new Error(`tests let nothing reach ${host}`)));
  return this;
};
