// @aws-sdk/util-dynamodb and @aws-sdk/lib-dynamodb: JavaScript values to
// DynamoDB's typed attribute values and back.

function marshall(value, options = {}) {
  const marshalled = toAttribute(value, options);
  return marshalled.M && !options.convertTopLevelContainer ? marshalled.M : marshalled;
}

function toAttribute(value, options) {
  if (value === undefined) {
    throw new Error('Pass options.removeUndefinedValues=true to remove undefined values from map/array/set.');
  }
  if (value === null) return { NULL: true };
  switch (typeof value) {
    case 'boolean': return { BOOL: value };
    case 'number': return { N: number(value) };
    case 'bigint': return { N: String(value) };
    case 'string': return value === '' && options.convertEmptyValues ? { NULL: true } : { S: value };
    case 'object': return container(value, options);
    default: throw new Error(`Unsupported type passed: ${String(value)}. Pass options.convertClassInstanceToMap=true to marshall typeof object as map attribute.`);
  }
}

function number(value) {
  if (Number.isNaN(value) || !Number.isFinite(value)) throw new Error(`Special numeric value ${value} is not allowed`);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new Error(`Number ${value} is greater than Number.MAX_SAFE_INTEGER. Use NumberValue from @aws-sdk/lib-dynamodb.`);
  return String(value);
}

function container(value, options) {
  const kept = (item) => item !== undefined || !options.removeUndefinedValues;
  if (Array.isArray(value)) return { L: value.filter((item) => kept(item) && typeof item !== 'function').map((item) => toAttribute(item, options)) };
  if (value instanceof Set) return set([...value].filter(kept), options);
  if (value instanceof Map) return { M: map([...value].filter(([, item]) => kept(item)), options) };
  if (value instanceof Uint8Array) return { B: value };
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null && !options.convertClassInstanceToMap) {
    throw new Error(`Unsupported type passed: ${String(value)}. Pass options.convertClassInstanceToMap=true to marshall typeof object as map attribute.`);
  }
  return { M: map(Object.entries(value).filter(([, item]) => kept(item) && typeof item !== 'function'), options) };
}

function map(entries, options) {
  return Object.fromEntries(entries.map(([key, item]) => [key, toAttribute(item, options)]));
}

function set(items, options) {
  if (items.length === 0) {
    if (options.convertEmptyValues) return { NULL: true };
    throw new Error('Pass a non-empty set, or options.convertEmptyValues=true.');
  }
  switch (typeof items[0]) {
    case 'string': return { SS: items };
    case 'number': return { NS: items.map(number) };
    case 'bigint': return { NS: items.map(String) };
    default: throw new Error('Only Number Set (NS), Binary Set (BS), String Set (SS) are allowed.');
  }
}

function unmarshall(item, options = {}) {
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [key, fromAttribute(value, options)]));
}

function fromAttribute(attribute, options) {
  const [[type, value]] = Object.entries(attribute);
  switch (type) {
    case 'NULL': return null;
    case 'N': return options.wrapNumbers ? { value } : plainNumber(value);
    case 'NS': return new Set(value.map(plainNumber));
    case 'SS': return new Set(value);
    case 'L': return value.map((item) => fromAttribute(item, options));
    case 'M': return unmarshall(value, options);
    default: return value;
  }
}

function plainNumber(text) {
  const value = Number(text);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    if (/^-?\d+$/.test(text)) return BigInt(text);
    throw new Error(`${text} is outside SAFE_INTEGER bounds. Set options.wrapNumbers to get string value.`);
  }
  return value;
}

// The members of inputs and outputs that hold items, by how they hold them.
const ITEMS = ['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey', 'Attributes', 'LastEvaluatedKey'];

function convert(tree, one) {
  const converted = { ...tree };
  for (const name of ITEMS) if (converted[name] !== undefined) converted[name] = one(converted[name]);
  if (Array.isArray(converted.Items)) converted.Items = converted.Items.map(one);
  return converted;
}

const SHAPE = {
  input: (input, config) => convert(input, (item) => marshall(item, (config.translate || {}).marshallOptions)),
  output: (output) => convert(output, (item) => unmarshall(item)),
};

// documents is lib-dynamodb, made from the parts of the SDK.
function documents({ Client, commandClass, lazy }) {
  class DynamoDBDocumentClient extends Client {
    constructor(client, translate) {
      super('dynamodb', { ...client.config, translate });
    }
    static from(client, translate) { return new DynamoDBDocumentClient(client, translate); }
  }
  class DynamoDBDocument extends DynamoDBDocumentClient {
    static from(client, translate) { return new DynamoDBDocument(client, translate); }
  }
  const names = { Get: 'GetItem', Put: 'PutItem', Delete: 'DeleteItem', Update: 'UpdateItem', Query: 'Query', Scan: 'Scan',
    BatchGet: 'BatchGetItem', BatchWrite: 'BatchWriteItem', TransactGet: 'TransactGetItems', TransactWrite: 'TransactWriteItems' };
  const library = lazy((name) => {
    if (name === 'DynamoDBDocumentClient') return DynamoDBDocumentClient;
    if (name === 'DynamoDBDocument') return DynamoDBDocument;
    const short = name.replace(/Command$/, '');
    return short !== name && names[short] ? commandClass(name, names[short], SHAPE) : undefined;
  });
  for (const short of Object.keys(names)) {
    DynamoDBDocument.prototype[short[0].toLowerCase() + short.slice(1)] = function (input, ...rest) {
      return this.send(new library[`${short}Command`](input), ...rest);
    };
  }
  return library;
}

module.exports = { documents, marshall, unmarshall };
