import type { createTransport, NodemailerError, SMTPSentMessageInfo } from 'nodemailer';
import type { Clock } from '../../core/clock.ts';
import { type Mailbox, readMailto } from '../../core/mail-address.ts';
import { isLoopback } from '../../core/networks.ts';
import type { SmtpServer } from '../../core/smtp-url.ts';
import type { MailChannel } from './channels/channel.ts';
import { describeFailure } from './failure.ts';
import { type Message, NO_ANSWER, type Result } from './message.ts';

/** Who takes e-mails, and who sends them. */
export interface MailAccount {
  readonly server: SmtpServer;
  readonly from: Mailbox;
}

/** Hands an e-mail to the mail server; throws when the signal says so. */
export type SendMail = (channel: MailChannel, message: Message, signal: AbortSignal) => Promise<Result>;

/**
 * The mail server is the operator's choice, so the guard of private addresses does not hold for it.
 * A connection for each e-mail: alerts are few, and an idle connection is one that breaks.
 *
 * @param account null: none is configured, and no e-mail is sent.
 */
export function createMailTransport(account: MailAccount | null, clock: Clock): SendMail {
  if (account === null) {
    const error = 'This server has no mail server: set SMTP_URL and SMTP_FROM in its environment.';
    return () => Promise.resolve({ ...NO_ANSWER, error });
  }
  const { from, server } = account;
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  // Most servers send no e-mails, and none does so when it starts.
  let opened: Promise<Mailer> | undefined;

  return async (channel, { endpoint, messages }, signal) => {
    opened ??= open(server);
    const mailer = await opened;
    const { follows, ...mail } = channel.compose(messages, domain);
    const to = readMailto(channel.credentials.addressOf(endpoint)) ?? [];
    try {
      const sent = await mailer.sendMail({
        ...mail,
        from: { ...from },
        to: to.map((address) => ({ name: '', address })),
        envelope: { from: from.address, to: [...to] },
        date: new Date(clock.now()),
        ...(follows !== null && { inReplyTo: follows, references: follows }),
        // No vacation notice answers it: RFC 3834, section 5.
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal,
      });
      return judge(sent, server.host);
    } catch (error) {
      signal.throwIfAborted();
      return judgeError(error, server.host);
    }
  };
}

type Mailer = ReturnType<typeof createTransport>;

async function open({ host, port, secure, login }: SmtpServer): Promise<Mailer> {
  const { createTransport } = await import('nodemailer');
  const here = isLoopback(host);
  return createTransport({
    host,
    port,
    secure,
    ...(login !== null && { auth: { user: login.user, pass: login.password }, forceAuth: true }),
    // A password goes out encrypted, or stays on this machine.
    requireTLS: !secure && !here && login !== null,
    ignoreTLS: here,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** The mail server has taken the e-mail, for some of the addresses at least. */
function judge({ response, rejected, rejectedErrors = [] }: SMTPSentMessageInfo, host: string): Result {
  const answer = { statusCode: replyCode(response), responseBody: response, retryAfterMs: null };
  if (rejected.length === 0) return { ...answer, error: null, final: false };
  const [refusal] = rejectedErrors;
  return {
    ...answer,
    statusCode: refusal?.responseCode ?? null,
    responseBody: refusal?.response ?? response,
    error: `${host} refused the address ${rejected.join(', ')}; the other addresses have the e-mail.`,
    final: rejectedErrors.every(isFinal),
  };
}

const replyCode = (response: string): number | null => Number(/^\d{3}/.exec(response)?.[0] ?? 0) || null;

/**
 * A reply of 500 and more refuses the e-mail for good, but not where it is about the session: a
 * password that is wrong, for example, is mended by the operator.
 */
function isFinal({ code, permanent = false }: NodemailerError): boolean {
  return permanent && (code === 'EENVELOPE' || code === 'EMESSAGE');
}

function judgeError(thrown: unknown, host: string): Result {
  if (!(thrown instanceof Error)) return { ...NO_ANSWER, error: String(thrown) };
  const error: NodemailerError = thrown;
  const { responseCode = null, response = null } = error;
  return {
    ...NO_ANSWER,
    error: describe(error, host),
    final: isFinal(error),
    statusCode: responseCode,
    responseBody: response,
  };
}

function describe(error: NodemailerError, host: string): string {
  const { code, originalCode, responseCode, message } = error;
  if (code === 'EAUTH') return `${host} did not accept the user and the password of SMTP_URL.`;
  if (responseCode !== undefined) return `${host} refused the e-mail with reply ${responseCode}.`;
  return describeFailure(Object.assign(new Error(message), { code: originalCode ?? code }), host);
}
