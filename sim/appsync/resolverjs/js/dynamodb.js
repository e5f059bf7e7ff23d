// The module @aws-appsync/utils/dynamodb: requests to a DynamoDB data source
// without the types of attribute values. The names of placeholders are ours.
// https://docs.aws.amazon.com/appsync/latest/devguide/built-in-modules-js.html
const { util, unsimulated } = __appsync;
const { toDynamoDB, toMapValues } = util.dynamodb;

const COMPARISONS = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' };

// placeholders collects the names and values of one expression.
function placeholders() {
  const expressionNames = {};
  const expressionValues = {};
  let used = 0;
  return {
    expressionNames,
    expressionValues,
    name(field) {
      return field.split('.').map((part) => {
        expressionNames[`#${part}`] = part;
        return `#${part}`;
      }).join('.');
    },
    value(value) {
      used += 1;
      expressionValues[`:value${used}`] = toDynamoDB(value);
      return `:value${used}`;
    },
  };
}

// condition writes { field: { operator: value } }, and, or and not.
function condition(wanted, p) {
  const parts = Object.entries(wanted).map(([field, test]) => {
    if (field === 'and' || field === 'or') return `(${test.map((one) => condition(one, p)).join(` ${field.toUpperCase()} `)})`;
    if (field === 'not') return `(NOT ${condition(test, p)})`;
    return Object.entries(test).map(([operator, value]) => comparison(p.name(field), operator, value, p)).join(' AND ');
  });
  return parts.length === 1 ? parts[0] : parts.map((part) => `(${part})`).join(' AND ');
}

function comparison(name, operator, value, p) {
  if (COMPARISONS[operator]) return `${name} ${COMPARISONS[operator]} ${p.value(value)}`;
  switch (operator) {
    case 'between': return `${name} BETWEEN ${p.value(value[0])} AND ${p.value(value[1])}`;
    case 'beginsWith': return `begins_with(${name}, ${p.value(value)})`;
    case 'contains': return `contains(${name}, ${p.value(value)})`;
    case 'notContains': return `NOT contains(${name}, ${p.value(value)})`;
    case 'attributeExists': return value ? `attribute_exists(${name})` : `attribute_not_exists(${name})`;
    default: return unsimulated(`the operator ${operator} of @aws-appsync/utils/dynamodb`);
  }
}

// filled is an expression with what it uses.
function filled(expression, p) {
  const made = { expression, expressionNames: p.expressionNames };
  if (Object.keys(p.expressionValues).length > 0) made.expressionValues = p.expressionValues;
  return made;
}

function conditionOf(wanted) {
  const p = placeholders();
  return filled(condition(wanted, p), p);
}

// request leaves out the members that have no value.
function request(members) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

const optional = (wanted) => (wanted === undefined || wanted === null ? undefined : conditionOf(wanted));

function projectionOf(fields) {
  if (!fields) return undefined;
  const p = placeholders();
  const expression = fields.map((field) => p.name(field)).join(', ');
  return { expression, expressionNames: p.expressionNames };
}

export function get({ key, consistentRead, projection }) {
  return request({ operation: 'GetItem', key: toMapValues(key), consistentRead, projection: projectionOf(projection) });
}

export function put({ key, item, condition: wanted }) {
  return request({ operation: 'PutItem', key: toMapValues(key), attributeValues: toMapValues(item), condition: optional(wanted) });
}

export function remove({ key, condition: wanted }) {
  return request({ operation: 'DeleteItem', key: toMapValues(key), condition: optional(wanted) });
}

// Change is what operations.NAME() asks for in an update.
class Change {
  constructor(kind, value) {
    this.kind = kind;
    this.value = value;
  }
}

export const operations = {
  add: (value) => new Change('set', value),
  replace: (value) => new Change('set', value),
  remove: () => new Change('remove'),
  increment: (by = 1) => new Change('+', by),
  decrement: (by = 1) => new Change('-', by),
  append: (list) => new Change('append', list),
};

export function update({ key, update: changes, condition: wanted }) {
  const p = placeholders();
  const set = [];
  const removed = [];
  for (const [field, given] of Object.entries(changes)) {
    const name = p.name(field);
    const change = given instanceof Change ? given : new Change('set', given);
    if (change.kind === 'remove') removed.push(name);
    else if (change.kind === 'set') set.push(`${name} = ${p.value(change.value)}`);
    else if (change.kind === 'append') set.push(`${name} = list_append(${name}, ${p.value(change.value)})`);
    else set.push(`${name} = ${name} ${change.kind} ${p.value(change.value)}`);
  }
  const expression = [set.length > 0 ? `SET ${set.join(', ')}` : '', removed.length > 0 ? `REMOVE ${removed.join(', ')}` : ''].filter(Boolean).join(' ');
  return request({ operation: 'UpdateItem', key: toMapValues(key), update: filled(expression, p), condition: optional(wanted) });
}

export function query({ query: wanted, filter, projection, ...rest }) {
  return request({ operation: 'Query', query: conditionOf(wanted), filter: optional(filter), projection: projectionOf(projection), ...rest });
}

export function scan({ filter, projection, ...rest } = {}) {
  return request({ operation: 'Scan', filter: optional(filter), projection: projectionOf(projection), ...rest });
}
