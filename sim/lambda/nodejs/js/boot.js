// The first script of an engine: it takes the way out to the host away from the
// handler's reach and gives the other files a way to load one another. Files
// are loaded when they are first needed: most handlers need few.
(function () {
  const host = globalThis.__host;
  delete globalThis.__host;

  // unsimulated tells the host that the handler uses something of Node.js that
  // the simulation lacks. The host ends the run; code that goes on sees an error.
  function unsimulated(what) {
    host('unsimulated', what);
    throw new Error(`the simulation has no ${what}`);
  }

  const loaded = new Map([['host', { exports: { host, unsimulated } }]]);

  function load(name) {
    let module = loaded.get(name);
    if (!module) {
      module = { exports: {} };
      loaded.set(name, module);
      host('load', name);
      const file = globalThis.__file;
      delete globalThis.__file;
      file(module, load);
    }
    return module.exports;
  }

  load('runtime');
})();
