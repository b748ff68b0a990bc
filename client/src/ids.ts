const POOL_BYTES = 1024;
const BYTES_PER_ID = 8;
const COUNTER_LIMIT = 0x1000;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Creates ids: UUIDv7 that also ascend within a millisecond and when the clock steps back (RFC
 * 9562, section 6.2, method 1, with a counter of 12 bits). The server stores ascending ids fastest.
 *
 * @param randomize fills the bytes from a cryptographic source
 */
export function createIds(now: () => number, randomize: (bytes: Uint8Array) => void): () => string {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  let millisecond = -1;
  let counter = 0;
  let start = '';

  const randomByte = (): number => {
    if (used === POOL_BYTES) {
      randomize(pool);
      used = 0;
    }
    return pool[used++] as number;
  };
  const startMillisecond = (value: number): void => {
    millisecond = value;
    // Starts below half of the limit, so that a millisecond can hold 2,048 ids or more.
    counter = ((randomByte() << 8) | randomByte()) & 0x7ff;
    const digits = value.toString(16).padStart(12, '0');
    start = `${digits.slice(0, 8)}-${digits.slice(8)}`;
  };

  return () => {
    const present = now();
    if (present > millisecond) startMillisecond(present);
    else if (++counter === COUNTER_LIMIT) startMillisecond(millisecond + 1);
    let random = '';
    for (let at = 0; at < BYTES_PER_ID; at++) {
      const byte = randomByte();
      random += HEX[at === 0 ? (byte & 0x3f) | 0x80 : byte];
      if (at === 1) random += '-';
    }
    return `${start}-7${counter.toString(16).padStart(3, '0')}-${random}`;
  };
}
