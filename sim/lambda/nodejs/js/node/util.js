const { format, inspect } = load('inspect');
const { TextDecoder, TextEncoder } = load('bytes');
const clock = load('clock');

function promisify(original) {
  if (original === clock.setTimeout) return (delay, value) => new Promise((resolve) => clock.setTimeout(resolve, delay, value));
  if (original === clock.setImmediate) return (value) => new Promise((resolve) => clock.setImmediate(resolve, value));
  return function (...args) {
    return new Promise((resolve, reject) => {
      original.call(this, ...args, (error, value) => (error ? reject(error) : resolve(value)));
    });
  };
}

function callbackify(original) {
  return function (...args) {
    const callback = args.pop();
    original.apply(this, args).then((value) => callback(null, value), (error) => callback(error));
  };
}

function isDeepStrictEqual(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return a.getTime() === b.getTime();
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && isDeepStrictEqual(a[key], b[key]));
}

function inherits(child, parent) {
  Object.setPrototypeOf(child.prototype, parent.prototype);
}

const types = {
  isDate: (value) => value instanceof Date,
  isNativeError: (value) => value instanceof Error,
  isPromise: (value) => value instanceof Promise,
  isRegExp: (value) => value instanceof RegExp,
};

module.exports = { TextDecoder, TextEncoder, callbackify, format, inherits, inspect, isDeepStrictEqual, promisify, types };
