// The APPSYNC_JS runtime around a resolver's code: the objects of
// @aws-appsync/utils, console, and the way one function is called. Code of the
// resolver runs in a job, where the host notices when it had to be stopped.
(function () {
  const host = globalThis.__host;
  delete globalThis.__host;

  const MAIN = 'file:///code.js';
  const appended = [];
  let context;

  // Stop ends the function: an error, unauthorized or an early return.
  class Stop {
    constructor(kind, details) {
      this.kind = kind;
      this.details = details;
    }
  }

  function unsimulated(name) {
    host('unsimulated', name);
    throw new Stop('error', { message: `the simulation has no ${name}` });
  }

  // strict makes an object whose missing members are things that AWS has and the
  // simulation does not.
  function strict(name, members) {
    return new Proxy(Object.freeze(members), {
      get: (object, member) => (typeof member !== 'string' || member in object || member === 'then' ? object[member] : unsimulated(`${name}.${member}`)),
    });
  }

  function describe(message, type, data, info) {
    return { message: String(message), type: type === undefined ? null : type, data: data === undefined ? null : data, info: info === undefined ? null : info };
  }

  function random(bytes) {
    return host('random', String(bytes));
  }

  function autoId() {
    const hex = random(16);
    const variant = ((parseInt(hex[16], 16) & 3) | 8).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  const isNull = (value) => value === null || value === undefined;

  function typeOf(value) {
    if (isNull(value)) return 'Null';
    if (Array.isArray(value)) return 'List';
    if (typeof value === 'object') return 'Map';
    return typeof value === 'boolean' ? 'Boolean' : typeof value === 'number' ? 'Number' : typeof value === 'string' ? 'String' : 'Object';
  }

  // toDynamoDB writes a value as a typed attribute value.
  function toDynamoDB(value) {
    switch (typeOf(value)) {
      case 'Null': return { NULL: null };
      case 'List': return { L: value.map(toDynamoDB) };
      case 'Map': return { M: toMapValues(value) };
      case 'Boolean': return { BOOL: value };
      case 'Number': return { N: value };
      default: return { S: String(value) };
    }
  }

  function toMapValues(values) {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, toDynamoDB(value)]));
  }

  const dynamodb = strict('util.dynamodb', {
    toDynamoDB, toMapValues,
    toString: (value) => (isNull(value) ? null : { S: value }),
    toStringSet: (values) => (isNull(values) ? null : { SS: values }),
    toNumber: (value) => (isNull(value) ? null : { N: value }),
    toNumberSet: (values) => (isNull(values) ? null : { NS: values }),
    toBoolean: (value) => (isNull(value) ? null : { BOOL: value }),
    toNull: () => ({ NULL: null }),
    toList: (values) => (isNull(values) ? null : { L: values.map(toDynamoDB) }),
    toMap: (value) => (isNull(value) ? null : { M: toMapValues(value) }),
  });

  const now = () => Number(host('now'));

  const time = strict('util.time', {
    nowISO8601: () => new Date(now()).toISOString(),
    nowEpochSeconds: () => Math.floor(now() / 1000),
    nowEpochMilliSeconds: now,
    epochMilliSecondsToISO8601: (at) => new Date(at).toISOString(),
    epochMilliSecondsToSeconds: (at) => Math.floor(at / 1000),
  });

  const str = strict('util.str', {
    toUpper: (text) => text.toUpperCase(),
    toLower: (text) => text.toLowerCase(),
    toReplace: (text, part, by) => text.split(part).join(by),
    normalize: (text, form) => text.normalize(form.toUpperCase()),
  });

  const MODES = {
    API_KEY: 'API Key Authorization', AWS_IAM: 'IAM Authorization', AMAZON_COGNITO_USER_POOLS: 'User Pool Authorization',
    OPENID_CONNECT: 'Open ID Connect Authorization', AWS_LAMBDA: 'Lambda Authorization',
  };

  const stop = (kind, details) => { throw new Stop(kind, details); };

  const util = strict('util', {
    error: (message, type, data, info) => stop('error', describe(message, type, data, info)),
    appendError: (message, type, data, info) => { appended.push(describe(message, type, data, info)); },
    unauthorized: () => stop('unauthorized', null),
    validate: (held, message, type, data, info) => { if (!held) stop('error', describe(message, type, data, info)); },
    autoId,
    authType: () => MODES[context.mode],
    isNull,
    isNullOrEmpty: (text) => isNull(text) || text === '',
    isNullOrBlank: (text) => isNull(text) || text.trim() === '',
    isString: (value) => typeOf(value) === 'String',
    isNumber: (value) => typeOf(value) === 'Number',
    isBoolean: (value) => typeOf(value) === 'Boolean',
    isList: (value) => typeOf(value) === 'List',
    isMap: (value) => typeOf(value) === 'Map',
    typeOf,
    defaultIfNull: (value, other) => (isNull(value) ? other : value),
    defaultIfNullOrEmpty: (value, other) => (isNull(value) || value === '' ? other : value),
    defaultIfNullOrBlank: (value, other) => (isNull(value) || value.trim() === '' ? other : value),
    matches: (pattern, text) => new RegExp(pattern).test(text),
    urlEncode: encodeURIComponent,
    urlDecode: decodeURIComponent,
    dynamodb, time, str,
  });

  const runtime = strict('runtime', { earlyReturn: (value) => stop('early', value === undefined ? null : value) });
  const extensions = strict('extensions', {});

  const text = (values) => values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ');
  const log = (level) => (...values) => { host('log', `${level} ${text(values)}`); };

  // outcome is what the host reads of a function that ended.
  function outcome(kind, value) {
    host('end', JSON.stringify({ kind, value: value === undefined ? null : value, stash: context.stash, appended }));
  }

  function fail(error) {
    if (error instanceof Stop) outcome(error.kind, error.details);
    else outcome('code', String(error));
  }

  function run(name, contextText) {
    context = JSON.parse(contextText);
    context.args = context.arguments;
    import(MAIN).then((code) => {
      if (typeof code[name] !== 'function') return outcome('missing', name);
      const { mode, ...visible } = context;
      visible.stash = context.stash;
      return outcome('returned', code[name](visible));
    }).catch(fail);
  }

  for (const gone of ['Promise', 'Proxy', 'Reflect', 'WeakMap', 'WeakSet', 'WeakRef', 'eval', 'Function', 'setTimeout', 'gc']) delete globalThis[gone];
  globalThis.console = { log: log('INFO'), error: log('ERROR') };
  globalThis.util = util;
  Object.defineProperty(globalThis, '__appsync', { value: { run, util, runtime, extensions, unsimulated }, enumerable: false });
})();
