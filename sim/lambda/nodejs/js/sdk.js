// The AWS SDK for JavaScript v3 as far as handlers see it: clients, commands,
// answers, exceptions. What a service's operations are only the account knows.
const { host, unsimulated } = load('host');
const { Buffer } = load('node/buffer');
const { randomUUID } = load('node/crypto');

const SERVICES = {
  'client-cognito-identity': { service: 'cognito-identity', name: 'CognitoIdentity' },
  'client-cognito-identity-provider': { service: 'cognito-idp', name: 'CognitoIdentityProvider' },
  'client-dynamodb': { service: 'dynamodb', name: 'DynamoDB' },
  'client-lambda': { service: 'lambda', name: 'Lambda' },
  'client-s3': { service: 's3', name: 'S3' },
  'client-sts': { service: 'sts', name: 'STS' },
};

const waiting = new Map();
let last = 0;

class ServiceException extends Error {
  constructor({ name, message, status }) {
    super(message);
    this.name = name;
    this.$fault = status >= 500 ? 'server' : 'client';
    this.$metadata = metadata(status);
  }
}

function metadata(httpStatusCode) {
  return { httpStatusCode, requestId: randomUUID(), attempts: 1, totalRetryDelay: 0 };
}

class Command {
  constructor(input) {
    this.input = input || {};
  }
}

class Client {
  constructor(service, config = {}) {
    this.service = service;
    this.config = config;
  }
  send(command, options, callback) {
    const answered = this.call(command);
    const done = typeof options === 'function' ? options : callback;
    if (typeof done !== 'function') return answered;
    answered.then((output) => done(null, output), (error) => done(error));
    return undefined;
  }
  async call(command) {
    const { operation, shape = SHAPES } = command.constructor;
    const credentials = await credentialsOf(this.config);
    const output = await request(this.service, operation, shape.input(command.input, this.config), credentials);
    return { $metadata: metadata(200), ...shape.output(output, this.service, operation) };
  }
  destroy() {}
}

// credentialsOf are the credentials that the code gave its client, as JSON; ""
// when it gave none and the function's role counts.
async function credentialsOf(config) {
  if (config.credentials === undefined) return '';
  const given = typeof config.credentials === 'function' ? await config.credentials() : config.credentials;
  return JSON.stringify({
    AccessKeyID: given.accessKeyId, SecretAccessKey: given.secretAccessKey, SessionToken: given.sessionToken || '',
  });
}

function request(service, operation, input, credentials) {
  return new Promise((resolve, reject) => {
    const id = String(++last);
    waiting.set(id, { resolve, reject });
    host('call', id, service, operation, JSON.stringify(input, plain), credentials);
  });
}

// plain writes what JSON has no word for as the API door takes it.
function plain(key, value) {
  const original = this[key];
  if (original instanceof Date) return Math.floor(original.getTime() / 1000);
  if (original instanceof Uint8Array) return Buffer.from(original).toString('utf8');
  if (typeof original === 'bigint') return Number(original);
  return value;
}

function settle(id, outcome, text) {
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  const tree = JSON.parse(text);
  if (outcome === 'answered') resolve(tree);
  else reject(new ServiceException(tree));
}

const SHAPES = {
  input: (input) => input,
  output: (output, service, operation) => {
    if (service === 's3' && operation === 'GetObject') return dated({ ...output, Body: blob(output.Body || '') });
    if (service === 'lambda' && operation === 'Invoke') return { ...output, Payload: blob(output.Payload || '') };
    return dated(output);
  },
};

// blob is a payload as the SDK hands it over.
function blob(text) {
  const bytes = Buffer.from(text);
  bytes.transformToString = (encoding) => {
    const written = bytes.toString(encoding);
    return Object.assign(Promise.resolve(written), { toString: () => written });
  };
  bytes.transformToByteArray = async () => Uint8Array.from(bytes);
  return bytes;
}

// dated turns the members that the SDK knows as timestamps into Dates.
function dated(value) {
  if (Array.isArray(value)) return value.map(dated);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => {
    const isTime = typeof member === 'number' && /(Expiration|LastModified|Date)$/.test(key);
    return [key, isTime ? new Date(member * 1000) : dated(member)];
  }));
}

function commandClass(name, operation, shape) {
  const made = { [name]: class extends Command {} }[name];
  made.operation = operation;
  if (shape) made.shape = shape;
  return made;
}

function clientClass(name, service) {
  return { [name]: class extends Client { constructor(config) { super(service, config); } } }[name];
}

// aggregateClass is a client with a method for each operation, such as S3.
function aggregateClass(name, service, commands) {
  return {
    [name]: class extends Client {
      constructor(config) {
        super(service, config);
        return new Proxy(this, {
          get: (client, member, receiver) => {
            if (typeof member !== 'string' || member in client || member === 'then') return Reflect.get(client, member, receiver);
            const operation = member[0].toUpperCase() + member.slice(1);
            return (input, ...rest) => client.send(new (commands(`${operation}Command`))(input), ...rest);
          },
        });
      }
    },
  }[name];
}

// exceptionClass matches the service's exceptions by name.
function exceptionClass(name) {
  return {
    [name]: class extends ServiceException {
      constructor(options) { super({ status: 400, ...options, name }); }
      static [Symbol.hasInstance](value) { return value instanceof Error && value.name === name; }
    },
  }[name];
}

const EXCEPTION = /(Exception|Error|Fault)$|^(NoSuch|Invalid|NotFound|Bucket|AccessDenied)/;

// member makes what a client package exports under a name, undefined when it
// exports no such thing.
function member({ service, name: own }, name, get) {
  if (name === `${own}Client`) return clientClass(name, service);
  if (name === own) return aggregateClass(name, service, get);
  if (name === `${own}ServiceException`) return ServiceException;
  if (/^(paginate|waitUntil)[A-Z]/.test(name)) return () => unsimulated(name);
  const operation = /^([A-Z]\w*)Command$/.exec(name);
  if (operation) return commandClass(name, operation[1]);
  return EXCEPTION.test(name) ? exceptionClass(name) : undefined;
}

// lazy is a package whose members are made when they are first asked for.
function lazy(make) {
  const made = new Map();
  const get = (name) => {
    if (!made.has(name)) made.set(name, make(name, get));
    return made.get(name);
  };
  return new Proxy({}, {
    get: (_, name) => (typeof name === 'string' ? get(name) : undefined),
    has: (_, name) => typeof name === 'string' && get(name) !== undefined,
  });
}

const packages = new Map();

// packageOf gives a package of the SDK by its full name.
function packageOf(full) {
  if (!packages.has(full)) packages.set(full, makePackage(full.replace('@aws-sdk/', '')));
  return packages.get(full);
}

function makePackage(name) {
  if (name === 'util-dynamodb') {
    const { marshall, unmarshall } = load('documents');
    return { marshall, unmarshall };
  }
  if (name === 'lib-dynamodb') return load('documents').documents({ Client, commandClass, lazy });
  return lazy((wanted, get) => member(SERVICES[name], wanted, get));
}

module.exports = { packageOf, settle };
