// The runtime interface client: it loads the handler, calls it and reports how
// it ended, in the ways of
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client.
//
// The functions of __lambda are called by the host. They only queue jobs: code
// of the handler runs in jobs, where the host notices when it had to be stopped.
const { host } = load('host');
load('globals');
const { failure, NodeJsExit, named } = load('failure');
const { provided, require } = load('require');
const { fire } = load('clock');
const { setEnvironment } = load('environment');

const MAIN = 'file:///var/task/index.mjs';
const CALLBACK_REMOVED =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
  'You need to modify this function to use a supported handler signature to use Node.js 24 or later. ' +
  'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

let major = 22;
let main;
let handler;
// whenIdle is what ends the run when nothing lies ahead any more.
let whenIdle = () => end('threw', failure(named('Runtime.ExitError', 'Error: Runtime exited with error: exit status 13')));

function end(outcome, payload) {
  const lost = payload && payload.memory;
  host('end', lost ? 'out of memory' : outcome, lost ? '' : typeof payload === 'string' ? payload : JSON.stringify(payload));
}

function job(run) {
  Promise.resolve().then(run).catch((error) => end('threw', failure(error)));
}

function configure(text) {
  const settings = JSON.parse(text);
  major = settings.major;
  setEnvironment(settings.environment, major);
}

// loadHandler finds the handler. Errors of the module become those of Lambda's Init phase.
function loadHandler(style, path) {
  const loaded = style === 'module' ? import(MAIN) : Promise.resolve().then(loadCommonJS);
  loaded.then((exports) => { handler = find(exports, path); }).then(
    () => end('returned', ''),
    (error) => end('threw', failure(initError(error))),
  );
}

// define makes a CommonJS source the function's code. Indirect eval gives the
// code a file name of its own in stacks.
function define(source) {
  main = (0, eval)(`(function (exports, require, module, __filename, __dirname) {${source}\n})`);
}

function loadCommonJS() {
  const module = { exports: {}, id: '/var/task/index.js', filename: '/var/task/index.js', loaded: false };
  main.call(module.exports, module.exports, require, module, '/var/task/index.js', '/var/task');
  module.loaded = true;
  return module.exports;
}

function find(exports, path) {
  const found = path.split('.').reduce((nested, key) => nested && nested[key], exports);
  if (!found) throw named('Runtime.HandlerNotFound', `index.${path} is undefined or not exported`);
  if (typeof found !== 'function') throw named('Runtime.HandlerNotFound', `index.${path} is not a function`);
  if (major >= 24 && found.length >= 3) throw named('Runtime.CallbackHandlerDeprecated', CALLBACK_REMOVED);
  return found;
}

function initError(error) {
  const absent = error instanceof TypeError && /^module load failed: (.*)$/s.exec(error.message);
  if (absent) {
    const missing = new Error(absent[1]);
    missing.code = 'ERR_MODULE_NOT_FOUND';
    return missing;
  }
  if (error instanceof SyntaxError) return named('Runtime.UserCodeSyntaxError', String(error), error.stack);
  if (error && error.code === 'MODULE_NOT_FOUND') return named('Runtime.ImportModuleError', String(error));
  return error;
}

function invoke(eventText, contextText) {
  job(() => {
    const event = JSON.parse(eventText);
    const context = JSON.parse(contextText);
    if (major >= 24) invokeAsync(event, context);
    else invokeWithCallback(event, context);
  });
}

// From Node.js 24 on the handler's result is awaited, whatever it is.
function invokeAsync(event, context) {
  whenIdle = () => fail(new NodeJsExit());
  context.getRemainingTimeInMillis = remaining;
  new Promise((resolve) => resolve(handler(event, context))).then(answer).catch(fail);
}

// Before Node.js 24 a handler answers through a promise, the callback or the
// context; what a handler returns that is no promise is ignored. The callback
// waits for the event loop to be empty unless the handler says otherwise.
function invokeWithCallback(event, context) {
  const isAsync = handler.constructor && handler.constructor.name === 'AsyncFunction';
  whenIdle = isAsync ? () => fail(new NodeJsExit()) : () => answer(null);
  let waits = true;
  const done = once((error, result) => (error === undefined || error === null ? answer(result) : fail(error)));
  const callback = once((error, result) => {
    if (error !== undefined && error !== null) fail(error);
    else if (waits) whenIdle = () => answer(result);
    else answer(result);
  });
  Object.defineProperty(context, 'callbackWaitsForEmptyEventLoop', {
    get: () => waits, set: (value) => { waits = value; }, enumerable: true, configurable: true,
  });
  context.done = done;
  context.succeed = (result) => done(null, result);
  context.fail = (error) => done(error === undefined || error === null ? 'handled' : error);
  context.getRemainingTimeInMillis = remaining;
  try {
    const result = handler(event, context, callback);
    if (result && typeof result.then === 'function') result.then(answer).catch(fail);
  } catch (error) {
    fail(error);
  }
}

function remaining() {
  return Number(host('left'));
}

function once(call) {
  let called = false;
  return (...args) => {
    if (called) return;
    called = true;
    call(...args);
  };
}

function answer(result) {
  let text;
  try {
    text = JSON.stringify(result);
  } catch (error) {
    if (failure(error).memory) throw error;
    throw new Error('Unable to stringify response body');
  }
  end('returned', text === undefined ? 'null' : text);
}

function fail(error) {
  end('threw', failure(error));
}

Object.defineProperty(globalThis, '__lambda', {
  value: {
    configure,
    define,
    load: loadHandler,
    invoke,
    idle: () => job(() => whenIdle()),
    fire: (id) => job(() => fire(id)),
    settle: (id, outcome, text) => job(() => load('sdk').settle(id, outcome, text)),
    provided,
  },
  enumerable: false,
});
