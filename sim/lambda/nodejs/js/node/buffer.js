const { atob, btoa, bytesOf, isEncoding, toBytes, toText } = load('bytes');

// Buffer is a Uint8Array that knows encodings: what handlers use it for.
class Buffer extends Uint8Array {
  static from(value, encodingOrOffset, length) {
    if (typeof value === 'string') return fill(toBytes(value, encodingOrOffset));
    if (value instanceof ArrayBuffer) return new Buffer(value, encodingOrOffset, length);
    if (value && value.type === 'Buffer' && Array.isArray(value.data)) return fill(value.data);
    if (value && typeof value === 'object' && typeof value.length === 'number') return fill(Array.from(value));
    const error = new TypeError(
      'The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object.',
    );
    error.code = 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
  static alloc(size, value = 0, encoding = 'utf8') {
    const buffer = new Buffer(size);
    return value === 0 ? buffer : buffer.fill(value, 0, size, encoding);
  }
  static allocUnsafe(size) { return new Buffer(size); }
  static isBuffer(value) { return value instanceof Buffer; }
  static isEncoding(name) { return isEncoding(name); }
  static byteLength(value, encoding) { return bytesOf(value, encoding).length; }
  static concat(list, total = list.reduce((sum, item) => sum + item.length, 0)) {
    return fill(list.flatMap((item) => Array.from(item)).slice(0, total));
  }
  static compare(a, b) {
    const length = Math.min(a.length, b.length);
    for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
    return Math.sign(a.length - b.length);
  }
  toString(encoding = 'utf8', start = 0, end = this.length) { return toText(super.subarray(start, end), encoding); }
  toJSON() { return { type: 'Buffer', data: Array.from(this) }; }
  equals(other) { return Buffer.compare(this, other) === 0; }
  compare(other) { return Buffer.compare(this, other); }
  slice(start, end) { return this.subarray(start, end); }
  copy(target, targetStart = 0, start = 0, end = this.length) {
    const part = this.subarray(start, Math.min(end, start + target.length - targetStart));
    target.set(part, targetStart);
    return part.length;
  }
  write(text, offset = 0, length = this.length - offset, encoding = 'utf8') {
    const bytes = toBytes(text, encoding).slice(0, length);
    this.set(bytes, offset);
    return bytes.length;
  }
  fill(value, start = 0, end = this.length, encoding = 'utf8') {
    if (typeof value !== 'string') return super.fill(value, start, end);
    const bytes = toBytes(value, encoding);
    for (let i = start; i < end && bytes.length > 0; i++) this[i] = bytes[(i - start) % bytes.length];
    return this;
  }
  readUInt8(offset = 0) { return this[offset]; }
  readUInt16BE(offset = 0) { return (this[offset] << 8) | this[offset + 1]; }
  readUInt32BE(offset = 0) { return this.readUInt16BE(offset) * 65536 + this.readUInt16BE(offset + 2); }
  writeUInt32BE(value, offset = 0) {
    this.set([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255], offset);
    return offset + 4;
  }
}

function fill(bytes) {
  const buffer = new Buffer(bytes.length);
  buffer.set(bytes);
  return buffer;
}

module.exports = { Buffer, atob, btoa };
