const clock = load('clock');

const setTimeout = (delay, value) => new Promise((resolve) => clock.setTimeout(resolve, delay, value));
const setImmediate = (value) => new Promise((resolve) => clock.setImmediate(resolve, value));

module.exports = { setImmediate, setTimeout };
