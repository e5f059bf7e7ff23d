// require for CommonJS code, and what import statements are served from.
const { host } = load('host');

// provided gives a module of Node.js ("node:NAME") or a package of the SDK by
// its full name.
function provided(name) {
  return name.startsWith('node:') ? load(name.replace(':', '/')) : load('sdk').packageOf(name);
}

function require(name) {
  const found = host('module', String(name));
  if (found) return provided(found);
  const error = new Error(`Cannot find module '${name}'\nRequire stack:\n- /var/task/index.js\n- /var/runtime/index.mjs`);
  error.code = 'MODULE_NOT_FOUND';
  throw error;
}

module.exports = { provided, require };
