// What the function is started with.
const process = load('node/process');

function setEnvironment(environment, major) {
  Object.assign(process.env, environment);
  process.version = `v${major}.0.0`;
  process.versions = { node: `${major}.0.0` };
}

module.exports = { setEnvironment };
