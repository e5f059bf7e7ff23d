const { host, unsimulated } = load('host');
const { now } = load('clock');

const began = now();

const process = {
  env: {},
  argv: ['/var/lang/bin/node', '/var/runtime/index.mjs'],
  arch: 'x64',
  platform: 'linux',
  pid: 2,
  version: 'v22.0.0',
  versions: { node: '22.0.0' },
  cwd: () => '/var/task',
  uptime: () => (now() - began) / 1000,
  hrtime: Object.assign(
    (past = [0, 0]) => {
      const elapsed = now() - began - (past[0] * 1000 + past[1] / 1e6);
      return [Math.floor(elapsed / 1000), (elapsed % 1000) * 1e6];
    },
    { bigint: () => BigInt(now() - began) * 1000000n },
  ),
  nextTick: (callback, ...args) => { Promise.resolve().then(() => callback(...args)); },
  memoryUsage: () => unsimulated('process.memoryUsage'),
  on() { return this; },
  once() { return this; },
  off() { return this; },
  emitWarning(warning) { host('log', `WARN ${warning}`); },
  exit: () => unsimulated('process.exit'),
  stdout: { write: (text) => (host('log', String(text).replace(/\n$/, '')), true) },
  stderr: { write: (text) => (host('log', String(text).replace(/\n$/, '')), true) },
};

const { argv, env, hrtime, nextTick, platform } = process;

module.exports = Object.assign(process, { argv, env, hrtime, nextTick, platform });
