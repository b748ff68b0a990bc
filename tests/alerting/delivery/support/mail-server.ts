import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect } from 'vitest';

/** A received e-mail. */
export interface ReceivedMail {
  /** The recipients, according to the envelope. */
  readonly to: readonly string[];
  readonly from: string;
  /** The headers by their names in lower case, unfolded. */
  readonly headers: Readonly<Record<string, string>>;
  /** Everything after the headers. */
  readonly body: string;
}

export interface MailServer extends AsyncDisposable {
  readonly port: number;
  /** The accepted e-mails, in order. */
  readonly received: readonly ReceivedMail[];
  waitFor(count: number): Promise<void>;
}

/** A reply instead of the usual one. */
export const reply = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode });

export interface MailServerOptions extends SMTPServerOptions {
  /** Refuses an address of the envelope. */
  readonly refuse?: (address: string) => Error | null;
  /** Refuses an e-mail after it was read. */
  readonly refuseData?: (index: number) => Error | null;
}

/** A mail server on a free port of 127.0.0.1 that accepts everything. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { refuse = () => null, refuseData = () => null, ...others } = options;
  const received: ReceivedMail[] = [];
  let attempts = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onRcptTo: ({ address }, _session, callback) => callback(refuse(address)),
    async onData(stream, { envelope }, callback) {
      const raw = await text(stream);
      const refusal = refuseData(attempts++);
      if (refusal !== null) return callback(refusal);
      received.push({
        to: envelope.rcptTo.map(({ address }) => address),
        from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
        ...parse(raw),
      });
      callback();
    },
    ...others,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    waitFor: (count) => expect.poll(() => received.length).toBeGreaterThanOrEqual(count),
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function parse(raw: string): Pick<ReceivedMail, 'headers' | 'body'> {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase();
    // No header occurs twice.
    expect(headers).not.toHaveProperty(name);
    headers[name] = decoded(line.slice(line.indexOf(':') + 1).trim());
  }
  return { headers, body: raw.slice(end + 4) };
}

/** Without the encoding of RFC 2047 that headers use for other than plain words. */
const decoded = (header: string): string =>
  header.replaceAll('?= =?UTF-8?Q?', '').replaceAll(/=\?UTF-8\?Q\?(.*?)\?=/g, (_, encoded: string) =>
    Buffer.from(
      encoded
        .replaceAll('_', ' ')
        .replaceAll(/=([\dA-F]{2})/g, (_code, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    ).toString(),
  );
