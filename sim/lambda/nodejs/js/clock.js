// Timers and the Date on the host's virtual clock.
const { host } = load('host');

const callbacks = new Map();
let last = 0;

class Timeout {
  constructor(id) {
    this.id = id;
  }
  ref() { return this; }
  unref() { return this; }
  hasRef() { return callbacks.has(this.id); }
  [Symbol.toPrimitive]() { return this.id; }
}

// start sets a timer; every is the period of a repeated one, 0 for one that fires once.
function start(callback, delay, every, args) {
  if (typeof callback !== 'function') {
    const error = new TypeError('The "callback" argument must be of type function.');
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
  const id = ++last;
  callbacks.set(id, { callback, every, args });
  host('timer', String(id), String(delay));
  return new Timeout(id);
}

// milliseconds are a delay as Node.js reads it.
function milliseconds(delay) {
  const number = Math.trunc(Number(delay));
  return number >= 1 && number <= 2147483647 ? number : 1;
}

const setTimeout = (callback, delay, ...args) => start(callback, milliseconds(delay), 0, args);
const setInterval = (callback, delay, ...args) => start(callback, milliseconds(delay), milliseconds(delay), args);
const setImmediate = (callback, ...args) => start(callback, 0, 0, args);

function clear(timer) {
  const id = Number(timer);
  if (!callbacks.delete(id)) return;
  host('clear', String(id));
}

function fire(text) {
  const id = Number(text);
  const timer = callbacks.get(id);
  if (!timer) return undefined;
  if (timer.every) host('timer', text, String(timer.every));
  else callbacks.delete(id);
  return timer.callback(...timer.args);
}

const now = () => Number(host('now'));

// Date is the engine's with the virtual clock, in UTC as Lambda runs.
const RealDate = globalThis.Date;

function Date(...args) {
  if (!new.target) return new Date().toString();
  return Reflect.construct(RealDate, [instant(args)], new.target);
}

function instant(args) {
  if (args.length === 0) return now();
  if (args.length > 1) return RealDate.UTC(...args);
  const [value] = args;
  if (typeof value === 'number' || value instanceof RealDate) return Number(value);
  return parse(value);
}

// parse reads a text; one that names no zone is UTC.
function parse(value) {
  const text = String(value);
  const time = RealDate.parse(text);
  const zoned = /(Z|GMT|UTC|[+-]\d\d:?\d\d)\s*$|^\d{4}(-\d\d){0,2}$/i.test(text.trim());
  return zoned || Number.isNaN(time) ? time : time - new RealDate(time).getTimezoneOffset() * 60000;
}

Date.prototype = RealDate.prototype;
Object.defineProperty(Date.prototype, 'constructor', { value: Date, writable: true, configurable: true });
Date.now = now;
Date.parse = parse;
Date.UTC = RealDate.UTC;

const two = (number) => String(number).padStart(2, '0');
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function define(methods) {
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(Date.prototype, name, { value, writable: true, configurable: true });
  }
}

for (const part of ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds']) {
  define({ [`get${part}`]: Date.prototype[`getUTC${part}`] });
  if (part !== 'Day') define({ [`set${part}`]: Date.prototype[`setUTC${part}`] });
}

define({
  getTimezoneOffset() { return 0; },
  toDateString() {
    if (Number.isNaN(this.getTime())) return 'Invalid Date';
    return `${DAYS[this.getUTCDay()]} ${MONTHS[this.getUTCMonth()]} ${two(this.getUTCDate())} ${String(this.getUTCFullYear()).padStart(4, '0')}`;
  },
  toTimeString() {
    if (Number.isNaN(this.getTime())) return 'Invalid Date';
    return `${two(this.getUTCHours())}:${two(this.getUTCMinutes())}:${two(this.getUTCSeconds())} GMT+0000 (Coordinated Universal Time)`;
  },
  toString() {
    return Number.isNaN(this.getTime()) ? 'Invalid Date' : `${this.toDateString()} ${this.toTimeString()}`;
  },
  toLocaleDateString() { return `${this.getUTCMonth() + 1}/${this.getUTCDate()}/${this.getUTCFullYear()}`; },
  toLocaleTimeString() {
    const hours = this.getUTCHours();
    return `${hours % 12 || 12}:${two(this.getUTCMinutes())}:${two(this.getUTCSeconds())} ${hours < 12 ? 'AM' : 'PM'}`;
  },
  toLocaleString() { return `${this.toLocaleDateString()}, ${this.toLocaleTimeString()}`; },
});

module.exports = { Date, clear, fire, now, setImmediate, setInterval, setTimeout };
