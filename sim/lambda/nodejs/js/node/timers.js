const { clear, setImmediate, setInterval, setTimeout } = load('clock');
const promises = load('node/timers/promises');

const clearTimeout = clear;
const clearInterval = clear;
const clearImmediate = clear;

module.exports = { clearImmediate, clearInterval, clearTimeout, promises, setImmediate, setInterval, setTimeout };
