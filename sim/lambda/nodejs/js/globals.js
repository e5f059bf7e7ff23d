// The globals of Node.js that the engine does not have.
const { host, unsimulated } = load('host');
const clock = load('clock');
const process = load('node/process');

function write(level) {
  return (...values) => host('log', `${level} ${text(values)}`);
}

function text(values) {
  const plain = values.every((value) => typeof value === 'string') && !(values.length > 1 && values[0].includes('%'));
  return plain ? values.join(' ') : load('inspect').format(...values);
}

const counts = new Map();
const console = {
  log: write('INFO'),
  info: write('INFO'),
  debug: write('DEBUG'),
  warn: write('WARN'),
  error: write('ERROR'),
  trace: write('TRACE'),
  dir: (value) => write('INFO')(value),
  table: (value) => write('INFO')(value),
  assert: (held, ...values) => { if (!held) write('ERROR')('Assertion failed', ...values); },
  count: (label = 'default') => {
    counts.set(label, (counts.get(label) || 0) + 1);
    write('INFO')(`${label}: ${counts.get(label)}`);
  },
  group: (...values) => { if (values.length > 0) write('INFO')(...values); },
  groupEnd: () => {},
  time: () => {},
  timeEnd: () => {},
  timeLog: () => {},
};

function structuredClone(value, seen = new Map()) {
  if (typeof value === 'function' || typeof value === 'symbol') {
    const error = new Error(`${String(value)} could not be cloned.`);
    error.name = 'DataCloneError';
    throw error;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof RegExp) return new RegExp(value.source, value.flags);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.slice();
  const copy = value instanceof Map ? new Map() : value instanceof Set ? new Set() : Array.isArray(value) ? [] : {};
  seen.set(value, copy);
  if (value instanceof Map) for (const [k, v] of value) copy.set(structuredClone(k, seen), structuredClone(v, seen));
  else if (value instanceof Set) for (const item of value) copy.add(structuredClone(item, seen));
  else for (const key of Object.keys(value)) copy[key] = structuredClone(value[key], seen);
  if (value instanceof Error) return Object.assign(new Error(value.message), copy);
  return copy;
}

function queueMicrotask(callback) {
  Promise.resolve().then(callback);
}

// 52 random bits make a number from 0 to 1.
Math.random = () => parseInt(host('random', '7').slice(0, 13), 16) / 2 ** 52;

const began = clock.now();
const globals = {
  Date: clock.Date, console, global: globalThis,
  clearImmediate: clock.clear, clearInterval: clock.clear, clearTimeout: clock.clear,
  performance: { now: () => clock.now() - began, timeOrigin: began, mark: () => {}, measure: () => {} },
  process, queueMicrotask, setImmediate: clock.setImmediate, setInterval: clock.setInterval, setTimeout: clock.setTimeout,
  structuredClone: (value) => structuredClone(value),
};

function define(name, value) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

// defineLater defines a global that is made when code first looks at it.
function defineLater(name, make) {
  Object.defineProperty(globalThis, name, {
    get: () => {
      const value = make();
      define(name, value);
      return value;
    },
    set: (value) => define(name, value),
    configurable: true,
    enumerable: false,
  });
}

for (const [name, value] of Object.entries(globals)) define(name, value);
for (const name of ['TextDecoder', 'TextEncoder', 'atob', 'btoa']) defineLater(name, () => load('bytes')[name]);
defineLater('Buffer', () => load('node/buffer').Buffer);
defineLater('crypto', () => load('node/crypto').webcrypto);

const MISSING = [
  'AbortController', 'AbortSignal', 'Blob', 'BroadcastChannel', 'CompressionStream', 'CustomEvent', 'DOMException',
  'DecompressionStream', 'Event', 'EventTarget', 'File', 'FormData', 'Headers', 'Intl', 'MessageChannel', 'Navigator',
  'ReadableStream', 'Request', 'Response', 'TransformStream', 'URL', 'URLSearchParams', 'WebAssembly', 'WebSocket',
  'WritableStream', 'fetch', 'navigator', 'awslambda',
];
for (const name of MISSING) defineLater(name, () => unsimulated(name));
