// Texts to bytes and back, in the encodings of Node.js.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function utf8Bytes(text) {
  const bytes = [];
  for (const character of text) {
    let code = character.codePointAt(0);
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}

// utf8Text decodes; what is no UTF-8 becomes U+FFFD.
function utf8Text(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i++];
    const length = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1;
    if (length < 1) {
      text += length === 0 ? String.fromCharCode(first) : '\ufffd';
      continue;
    }
    let code = first & (0x3f >> length);
    let read = 0;
    while (read < length && i < bytes.length && (bytes[i] & 0xc0) === 0x80) {
      code = (code << 6) | (bytes[i++] & 63);
      read++;
    }
    const least = [0, 0x80, 0x800, 0x10000][length];
    const valid = read === length && code >= least && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    text += valid ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
}

function base64Text(bytes, url) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const chunk = (bytes[i] << 16) | ((bytes[i + 1] || 0) << 8) | (bytes[i + 2] || 0);
    const letters = [18, 12, 6, 0].map((shift) => ALPHABET[(chunk >> shift) & 63]);
    text += letters.slice(0, Math.min(3, bytes.length - i) + 1).join('');
  }
  if (url) return text.replaceAll('+', '-').replaceAll('/', '_');
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}

// base64Bytes takes both alphabets and skips what belongs to neither, as Node.js does.
function base64Bytes(text) {
  const bytes = [];
  let chunk = 0;
  let bits = 0;
  for (const letter of text) {
    if (letter === '=') break;
    const value = ALPHABET.indexOf(letter === '-' ? '+' : letter === '_' ? '/' : letter);
    if (value < 0) continue;
    chunk = (chunk << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((chunk >> bits) & 255);
      chunk &= (1 << bits) - 1;
    }
  }
  return bytes;
}

function hexText(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function hexBytes(text) {
  const bytes = [];
  for (let i = 0; i + 1 < text.length; i += 2) {
    const pair = text.slice(i, i + 2);
    if (!/^[0-9a-f]{2}$/i.test(pair)) break;
    bytes.push(parseInt(pair, 16));
  }
  return bytes;
}

function unitBytes(text) {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i) & 255);
}

function wideBytes(text) {
  return Array.from({ length: text.length }, (_, i) => [text.charCodeAt(i) & 255, text.charCodeAt(i) >> 8]).flat();
}

function unitText(bytes, mask = 255) {
  return Array.from(bytes, (byte) => String.fromCharCode(byte & mask)).join('');
}

function wideText(bytes) {
  return Array.from({ length: bytes.length >> 1 }, (_, i) => String.fromCharCode(bytes[2 * i] | (bytes[2 * i + 1] << 8))).join('');
}

const ENCODINGS = {
  'utf8': [utf8Bytes, utf8Text],
  'hex': [hexBytes, hexText],
  'base64': [base64Bytes, (bytes) => base64Text(bytes, false)],
  'base64url': [base64Bytes, (bytes) => base64Text(bytes, true)],
  'latin1': [unitBytes, unitText],
  'ascii': [unitBytes, (bytes) => unitText(bytes, 127)],
  'utf16le': [wideBytes, wideText],
};
const ALIASES = { 'utf-8': 'utf8', 'binary': 'latin1', 'ucs2': 'utf16le', 'ucs-2': 'utf16le', 'utf-16le': 'utf16le' };

function isEncoding(name) {
  const lower = String(name).toLowerCase();
  return lower in ENCODINGS || lower in ALIASES;
}

function encoding(name = 'utf8') {
  const lower = String(name).toLowerCase();
  const found = ENCODINGS[ALIASES[lower] || lower];
  if (found) return found;
  const error = new TypeError(`Unknown encoding: ${name}`);
  error.code = 'ERR_UNKNOWN_ENCODING';
  throw error;
}

const toBytes = (text, name) => encoding(name)[0](text);
const toText = (bytes, name) => encoding(name)[1](bytes);

// bytesOf takes a text, a typed array or an ArrayBuffer.
function bytesOf(data, name) {
  if (typeof data === 'string') return toBytes(data, name);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const error = new TypeError('The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView.');
  error.code = 'ERR_INVALID_ARG_TYPE';
  throw error;
}

class TextEncoder {
  get encoding() { return 'utf-8'; }
  encode(text = '') { return Uint8Array.from(utf8Bytes(String(text))); }
}

class TextDecoder {
  #encoding;
  constructor(label = 'utf-8') {
    this.#encoding = isEncoding(label) ? label : 'utf8';
  }
  get encoding() { return this.#encoding; }
  decode(data) {
    return data === undefined ? '' : toText(bytesOf(data), this.#encoding).replace(/^\ufeff/, '');
  }
}

function invalidCharacter() {
  const error = new Error('Invalid character');
  error.name = 'InvalidCharacterError';
  return error;
}

function btoa(text) {
  const value = String(text);
  if (/[^\0-\xff]/.test(value)) throw invalidCharacter();
  return base64Text(unitBytes(value), false);
}

function atob(text) {
  const value = String(text).replace(/[\t\n\f\r ]/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value) || value.replaceAll('=', '').length % 4 === 1) throw invalidCharacter();
  return unitText(base64Bytes(value));
}

module.exports = { TextDecoder, TextEncoder, atob, btoa, bytesOf, hexBytes, hexText, isEncoding, toBytes, toText };
