const { host, unsimulated } = load('host');
const { bytesOf, hexBytes, hexText } = load('bytes');
const { Buffer } = load('node/buffer');

const fromHex = (hex) => Buffer.from(hexBytes(hex));

// Digest is what createHash and createHmac give: the data is hashed at the end.
class Digest {
  #algorithm;
  #key;
  #data = [];
  #done = false;
  constructor(algorithm, key) {
    this.#algorithm = algorithm;
    this.#key = key;
  }
  update(data, encoding) {
    if (this.#done) throw new Error('Digest already called');
    this.#data.push(hexText(bytesOf(data, encoding)));
    return this;
  }
  digest(encoding) {
    if (this.#done) throw new Error('Digest already called');
    this.#done = true;
    const args = this.#key === undefined ? [] : [this.#key];
    const bytes = fromHex(host('hash', this.#algorithm, this.#data.join(''), ...args));
    return encoding && encoding !== 'buffer' ? bytes.toString(encoding) : bytes;
  }
}

function known(algorithm, message) {
  const name = String(algorithm).toLowerCase().replace(/^(rsa-)?sha-?/, 'sha');
  if (host('hash', name, '') !== '') return name;
  const error = new Error(message);
  error.code = 'ERR_CRYPTO_INVALID_DIGEST';
  throw error;
}

const createHash = (algorithm) => new Digest(known(algorithm, 'Digest method not supported'));
const createHmac = (algorithm, key) =>
  new Digest(known(algorithm, `Invalid digest: ${algorithm}`), hexText(bytesOf(key)));
const hash = (algorithm, data, encoding = 'hex') => createHash(algorithm).update(data).digest(encoding);

function randomBytes(size, callback) {
  const bytes = fromHex(host('random', String(size)));
  if (callback === undefined) return bytes;
  Promise.resolve().then(() => callback(null, bytes));
  return undefined;
}

function randomUUID() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function randomInt(low, high) {
  const [least, limit] = high === undefined ? [0, low] : [low, high];
  return least + Math.floor(Math.random() * (limit - least));
}

function getRandomValues(array) {
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(randomBytes(array.byteLength));
  return array;
}

function timingSafeEqual(a, b) {
  const [left, right] = [bytesOf(a), bytesOf(b)];
  if (left.length !== right.length) {
    const error = new RangeError('Input buffers must have the same byte length');
    error.code = 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH';
    throw error;
  }
  return hexText(left) === hexText(right);
}

const missing = (name) => () => unsimulated(`crypto.${name}`);
const createCipheriv = missing('createCipheriv');
const createDecipheriv = missing('createDecipheriv');
const createPrivateKey = missing('createPrivateKey');
const createPublicKey = missing('createPublicKey');
const createSecretKey = missing('createSecretKey');
const createSign = missing('createSign');
const createVerify = missing('createVerify');
const generateKeyPairSync = missing('generateKeyPairSync');
const pbkdf2Sync = missing('pbkdf2Sync');
const scryptSync = missing('scryptSync');
const sign = missing('sign');
const verify = missing('verify');

const subtle = new Proxy({}, { get: (_, name) => missing(`subtle.${String(name)}`) });
const webcrypto = { getRandomValues, randomUUID, subtle };

module.exports = {
  createCipheriv, createDecipheriv, createHash, createHmac, createPrivateKey, createPublicKey, createSecretKey, createSign,
  createVerify, generateKeyPairSync, getRandomValues, hash, pbkdf2Sync, randomBytes, randomInt, randomUUID, scryptSync, sign,
  subtle, timingSafeEqual, verify, webcrypto,
};
