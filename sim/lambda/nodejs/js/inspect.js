// How console.log and util.inspect write values.
const { frames, wording } = load('failure');

const LINE = 72;

function inspect(value, options = {}) {
  const depth = options && options.depth !== undefined ? options.depth : 2;
  return write(value, depth === null ? Infinity : depth, []);
}

function write(value, depth, seen) {
  switch (typeof value) {
    case 'string': return quote(value);
    case 'bigint': return `${value}n`;
    case 'number': return Object.is(value, -0) ? '-0' : String(value);
    case 'function': return writeFunction(value);
    case 'object': return value === null ? 'null' : writeObject(value, depth, seen);
    default: return String(value);
  }
}

function quote(text) {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  if (!inner.includes("'")) return `'${inner}'`;
  return inner.includes('"') ? `\`${inner}\`` : `"${inner}"`;
}

function writeFunction(value) {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : value.constructor.name;
  return kind === 'class' ? `[class ${value.name || '(anonymous)'}]` : `[${kind}${value.name ? `: ${value.name}` : ' (anonymous)'}]`;
}

function writeError(error) {
  const head = `${error.name}: ${wording(String(error.message))}`;
  return [head, ...frames(String(error.stack))].join('\n');
}

function writeObject(value, depth, seen) {
  if (seen.includes(value)) return '[Circular *1]';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Error) return withProperties(writeError(value), value, depth, seen);
  if (value instanceof Promise) return 'Promise { <pending> }';
  const name = value.constructor && value.constructor.name;
  if (depth < 0) return Array.isArray(value) ? '[Array]' : `[${name || 'Object'}]`;
  const inside = [...seen, value];
  if (Array.isArray(value)) return list('[', value.map((item) => write(item, depth - 1, inside)), ']');
  if (ArrayBuffer.isView(value)) return writeBytes(value, name);
  if (value instanceof Map) {
    const entries = [...value].map(([k, v]) => `${write(k, depth - 1, inside)} => ${write(v, depth - 1, inside)}`);
    return list(`Map(${value.size}) {`, entries, '}');
  }
  if (value instanceof Set) return list(`Set(${value.size}) {`, [...value].map((item) => write(item, depth - 1, inside)), '}');
  const prefix = name === 'Object' ? '' : name ? `${name} ` : '[Object: null prototype] ';
  return list(`${prefix}{`, properties(value, depth, inside), '}');
}

function writeBytes(value, name) {
  if (name === 'Buffer') return `<Buffer ${[...value.slice(0, 50)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}>`;
  return list(`${name}(${value.length}) [`, [...value].slice(0, 100).map(String), ']');
}

function properties(value, depth, seen) {
  return Object.keys(value).map((key) => {
    const label = /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key);
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (property.get) return `${label}: [Getter${property.set ? '/Setter' : ''}]`;
    return `${label}: ${write(property.value, depth - 1, seen)}`;
  });
}

function withProperties(head, value, depth, seen) {
  const extra = properties(value, depth, [...seen, value]);
  return extra.length === 0 ? head : `${head} ${list('{', extra, '}')}`;
}

function list(open, items, close) {
  if (items.length === 0) return `${open}${close}`;
  const line = `${open} ${items.join(', ')} ${close}`;
  if (line.length <= LINE && !line.includes('\n')) return line;
  return `${open}\n${items.map((item) => `  ${item.replaceAll('\n', '\n  ')}`).join(',\n')}\n${close}`;
}

// format is util.format: printf-like when the first value is a text.
function format(...values) {
  const parts = [];
  if (typeof values[0] === 'string') {
    const template = values.shift();
    parts.push(template.replace(/%[sdifjoOc%]/g, (token) => {
      if (token === '%%') return '%';
      if (values.length === 0) return token;
      return substitute(token, values.shift());
    }));
  }
  return [...parts, ...values.map((value) => (typeof value === 'string' ? value : inspect(value)))].join(' ');
}

function substitute(token, value) {
  switch (token) {
    case '%s': return typeof value === 'object' && value !== null ? inspect(value, { depth: 0 }) : String(value);
    case '%d': return String(Number(value));
    case '%i': return String(parseInt(value, 10));
    case '%f': return String(parseFloat(value));
    case '%j': return JSON.stringify(value);
    case '%c': return '';
    default: return inspect(value);
  }
}

module.exports = { format, inspect };
