import { connect, type Socket } from 'node:net';

/** A WebSocket that only counts messages. */
export interface LeanSocket {
  send(text: string): void;
  /** Sends, and resolves when the next message arrives, which is not counted. */
  ask(text: string): Promise<void>;
  close(): void;
}

const PING = 0x9;
const TEXT = 0x1;
const END_OF_HEAD = '\r\n\r\n';
/** A masked pong without content. */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** All sockets of a process read into it, one after the other. */
const shared = Buffer.allocUnsafe(256 * 1024);

/** @param onMessage receives a function that reads the text of the message */
export function openSocket(
  { hostname, port, pathname, host }: URL,
  protocol: string | null,
  onMessage: (text: () => string) => void,
): Promise<LeanSocket> {
  return new Promise((resolve, reject) => {
    let isOpen = false;
    let answered: (() => void) | null = null;
    let rest: Buffer | null = null;
    let closed = false;

    function take(text: () => string): void {
      const waiting = answered;
      answered = null;
      if (waiting === null) onMessage(text);
      else waiting();
    }

    function receive(chunk: Buffer): void {
      let data = rest === null ? chunk : Buffer.concat([rest, chunk]);
      if (!isOpen) {
        const end = data.indexOf(END_OF_HEAD);
        if (end >= 0) {
          if (!data.toString('latin1', 0, 12).endsWith('101')) throw new Error(data.toString('latin1'));
          isOpen = true;
          data = data.subarray(end + END_OF_HEAD.length);
          resolve(lean);
        }
      }
      if (isOpen) data = readFrames(data, socket, take);
      rest = data.length === 0 ? null : Buffer.from(data);
    }

    const onread = {
      buffer: shared,
      callback(bytes: number): boolean {
        receive(shared.subarray(0, bytes));
        return true;
      },
    };
    const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true, onread });
    const lean: LeanSocket = {
      send: (text) => socket.write(maskedText(text)),
      ask: (text) =>
        new Promise((done) => {
          answered = done;
          socket.write(maskedText(text));
        }),
      close() {
        closed = true;
        socket.destroy();
      },
    };
    socket.on('error', reject);
    socket.on('close', () => {
      if (!closed) throw new Error('The server has closed a socket');
    });
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nhost: ${host}\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
        'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
        `${protocol === null ? '' : `sec-websocket-protocol: ${protocol}\r\n`}\r\n`,
    );
  });
}

/** Reads complete frames from a server, which are never masked. Returns the rest. */
function readFrames(data: Buffer, socket: Socket, onText: (text: () => string) => void): Buffer {
  let at = 0;
  while (data.length - at >= 2) {
    const opcode = data.readUInt8(at) & 0x0f;
    const short = data.readUInt8(at + 1) & 0x7f;
    const header = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (data.length - at < header) break;
    const length =
      short === 126
        ? data.readUInt16BE(at + 2)
        : short === 127
          ? Number(data.readBigUInt64BE(at + 2))
          : short;
    const end = at + header + length;
    if (data.length < end) break;
    const start = at + header;
    if (opcode === TEXT) onText(() => data.toString('utf8', start, end));
    else if (opcode === PING) socket.write(PONG);
    at = end;
  }
  return data.subarray(at);
}

/** A client must mask. With a mask of zeros, the text stays unchanged. */
function maskedText(text: string): Buffer {
  const content = Buffer.from(text);
  const long = content.length > 125;
  const header = Buffer.alloc(long ? 8 : 6);
  header[0] = 0x81;
  header[1] = 0x80 | (long ? 126 : content.length);
  if (long) header.writeUInt16BE(content.length, 2);
  return Buffer.concat([header, content]);
}
