import type { createTransport, NodemailerError, SMTPSentMessageInfo } from 'nodemailer';
import type { Clock } from '../../core/clock.ts';
import { type Mailbox, readMailto } from '../../core/mail-address.ts';
import { isLoopback } from '../../core/networks.ts';
import type { SmtpServer } from '../../core/smtp-url.ts';
import type { MailChannel } from './channels/channel.ts';
import { describeFailure } from './failure.ts';
import { type Message, NO_ANSWER, type Result } from './message.ts';
import { createPartlySent } from './partly-sent.ts';

/** The mail server, and the sender of e-mails. */
export interface MailAccount {
  readonly server: SmtpServer;
  readonly from: Mailbox;
}

/** Hands an e-mail to the mail server. Throws if the signal is aborted. */
export type SendMail = (channel: MailChannel, message: Message, signal: AbortSignal) => Promise<Result>;

/**
 * The operator chooses the mail server, so the guard against private addresses does not apply to
 * it. Each e-mail has its own connection: alerts are few, and idle connections break.
 *
 * @param account null if none is configured: then every attempt fails and says so
 * @param open called with the first e-mail, and again with the next one if it failed
 */
export function createMailTransport(
  account: MailAccount | null,
  clock: Clock,
  open: (server: SmtpServer) => Promise<Mailer> = openMailer,
): SendMail {
  if (account === null) {
    const error = 'This server has no mail server: set SMTP_URL and SMTP_FROM in its environment.';
    return () => Promise.resolve({ ...NO_ANSWER, error });
  }
  const { from, server } = account;
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  // Loaded with the first e-mail: most servers send none, and this keeps the start fast.
  let opened: Promise<Mailer> | undefined;
  const openOnce = () => {
    opened ??= open(server).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  const partlySent = createPartlySent();

  return async (channel, { endpoint, messages }, signal) => {
    const mailer = await openOnce();
    const { follows, ...mail } = channel.compose(messages, domain);
    const all = readMailto(channel.credentials.addressOf(endpoint)) ?? [];
    const missing = partlySent.missing(all, messages);
    const attempt = mailer.sendMail({
      ...mail,
      from: { ...from },
      to: all.map((address) => ({ name: '', address })),
      envelope: { from: from.address, to: [...missing] },
      date: new Date(clock.now()),
      ...(follows !== null && { inReplyTo: follows, references: follows }),
      // Tells vacation responders not to answer: RFC 3834, section 5.
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal,
    });
    const result = await attempt.then(
      (sent) => {
        partlySent.add(sent.accepted, messages);
        return resultOf(sent, server.host);
      },
      (error: unknown) => {
        signal.throwIfAborted();
        return resultOfError(error, server.host, missing.length < all.length ? missing : null);
      },
    );
    if (result.error === null || result.final) partlySent.forget(messages);
    return result;
  };
}

export type Mailer = ReturnType<typeof createTransport>;

async function openMailer({ host, port, secure, login }: SmtpServer): Promise<Mailer> {
  const { createTransport } = await import('nodemailer');
  const here = isLoopback(host);
  return createTransport({
    host,
    port,
    secure,
    ...(login !== null && { auth: { user: login.user, pass: login.password }, forceAuth: true }),
    // A password leaves this machine only encrypted.
    requireTLS: !secure && !here && login !== null,
    ignoreTLS: here,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** The mail server accepted the e-mail for at least one address. */
function resultOf({ response, rejected, rejectedErrors = [] }: SMTPSentMessageInfo, host: string): Result {
  const answer = { statusCode: replyCode(response), responseBody: response, retryAfterMs: null };
  if (rejected.length === 0) return { ...answer, error: null, final: false };
  const [refusal] = rejectedErrors;
  return {
    ...answer,
    statusCode: refusal?.responseCode ?? null,
    responseBody: refusal?.response ?? response,
    error: refusalOf(rejected, host),
    final: rejectedErrors.every(isFinal),
  };
}

const refusalOf = (rejected: readonly string[], host: string): string =>
  `${host} rejected the address ${rejected.join(', ')}; the e-mail was sent to the other addresses.`;

const replyCode = (response: string): number | null => Number(/^\d{3}/.exec(response)?.[0] ?? 0) || null;

/**
 * A reply code of 500 or above is final if it rejects the sender, a recipient or the e-mail. It is
 * not final if it concerns the session: the operator can correct a wrong password.
 */
function isFinal({ code, permanent = false }: NodemailerError): boolean {
  return permanent && (code === 'EENVELOPE' || code === 'EMESSAGE');
}

/** @param missing the addresses that it was sent to; null for all */
function resultOfError(thrown: unknown, host: string, missing: readonly string[] | null): Result {
  if (!(thrown instanceof Error)) return { ...NO_ANSWER, error: String(thrown) };
  const error: NodemailerError = thrown;
  const { responseCode = null, response = null } = error;
  return {
    ...NO_ANSWER,
    error: missing !== null && error.code === 'EENVELOPE' ? refusalOf(missing, host) : describe(error, host),
    final: isFinal(error),
    statusCode: responseCode,
    responseBody: response,
  };
}

function describe(error: NodemailerError, host: string): string {
  const { code, originalCode, responseCode, message } = error;
  if (code === 'EAUTH') return `${host} did not accept the user and the password of SMTP_URL.`;
  if (responseCode !== undefined) return `${host} rejected the e-mail with reply ${responseCode}.`;
  return describeFailure(Object.assign(new Error(message), { code: originalCode ?? code }), host);
}
