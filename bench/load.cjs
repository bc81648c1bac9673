// Loads an entry as the Functions worker does, and says what that took: plain JavaScript, so that nothing is compiled on
// the way. Without an argument it measures Node itself.
const Module = require("node:module");

const original = Module.prototype.require;
class Disposable {}
const core = {
  version: "4.1037.0.0",
  hostVersion: "4.1037.0.0",
  Disposable,
  setProgrammingModel() {},
  getProgrammingModel() {},
  registerFunction: () => new Disposable(),
  registerHook: () => new Disposable(),
  log() {},
};
Module.prototype.require = function (id) {
  return id === "@azure/functions-core" ? core : original.call(this, id);
};
if (process.argv[2]) require(process.argv[2]);
const { user, system } = process.cpuUsage();
const wall = performance.now();
const memory = process.memoryUsage().rss;
process.stdout.write(JSON.stringify({ cpu: (user + system) / 1000, wall, memory: memory / 1_000_000 }));
process.exit(0);
