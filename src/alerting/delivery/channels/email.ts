import { cutText } from '../../../core/cut-text.ts';
import { defined } from '../../../core/defined.ts';
import { escapeHtml } from '../../../core/escape-html.ts';
import { derivedId } from '../../../core/ids.ts';
import type { AlertMessage, AlertNotice, Mail, MailChannel } from './channel.ts';
import { noSecret } from './credentials.ts';
import { andMore, facts, groupHeadline, headline, times, worstFirst } from './wording.ts';

/** The most alerts that an e-mail shows in full. */
const MAX_SHOWN = 20;
/** The most characters of `message` per alert, in an e-mail about several. */
const SHORT_CHARACTERS = 1000;
const SUBJECT_CHARACTERS = 250;

/** The events that reply to the e-mail of `alert.raised`. */
const FOLLOWING: readonly string[] = ['alert.acknowledged', 'alert.resolved', 'alert.reminded'];

/**
 * Mailboxes. The e-mails about one alert form one conversation. Mail programs recognise it by
 * `References` (RFC 5322, section 3.6.4); some require the same subject, too.
 */
export const email: MailChannel = {
  transport: 'mail',
  credentials: noSecret,
  compose(messages, domain) {
    const first = defined(messages[0]);
    const notices = messages.map(({ notice }) => notice);
    return messages.length === 1 ? aboutOne(first, domain) : aboutSeveral(notices, first, domain);
  },
};

function aboutOne({ messageId, notice }: AlertMessage, domain: string): Mail {
  const { projectId, alertId, severity, title } = notice.data;
  const beginning = `<alert.${derivedId(projectId, 'alerts', alertId)}@${domain}>`;
  const follows = FOLLOWING.includes(notice.type);
  return {
    subject: toLine(`${follows ? 'Re: ' : ''}[${severity}] ${title}`),
    ...bodyOf([{ title: headline(notice), message: notice.data.message, facts: allFacts(notice) }]),
    messageId: notice.type === 'alert.raised' ? beginning : `<${messageId}@${domain}>`,
    follows: follows ? beginning : null,
  };
}

function aboutSeveral(notices: readonly AlertNotice[], { messageId }: AlertMessage, domain: string): Mail {
  const worst = worstFirst(notices);
  const line = groupHeadline(notices);
  const more = andMore(notices.length, MAX_SHOWN);
  return {
    subject: toLine(`[${worst[0]?.data.severity}] ${line}`),
    ...bodyOf([
      { title: line, message: null, facts: [] },
      ...worst.slice(0, MAX_SHOWN).map((notice) => ({
        title: headline(notice),
        message: notice.data.message === null ? null : cutText(notice.data.message, SHORT_CHARACTERS),
        facts: allFacts(notice),
      })),
      ...(more === null ? [] : [{ title: more, message: null, facts: [] }]),
    ]),
    messageId: `<group.${messageId}@${domain}>`,
    follows: null,
  };
}

const allFacts = (notice: AlertNotice): readonly string[] => [...facts(notice), ...times(notice)];

interface Section {
  readonly title: string;
  readonly message: string | null;
  readonly facts: readonly string[];
}

/** The same content as plain text and as HTML. */
function bodyOf(sections: readonly Section[]): Pick<Mail, 'text' | 'html'> {
  return { text: sections.map(toText).join('\n\n\n'), html: sections.map(toHtml).join('\n<hr>\n') };
}

function toText({ title, message, facts }: Section): string {
  return [
    title,
    ...(message === null ? [] : [message]),
    ...(facts.length > 0 ? [facts.join('\n')] : []),
  ].join('\n\n');
}

function toHtml({ title, message, facts }: Section): string {
  const items = facts.map((fact) => `<li>${escapeHtml(fact)}</li>`).join('\n');
  return [
    `<p><strong>${escapeHtml(title)}</strong></p>`,
    ...(message === null ? [] : [`<p style="white-space: pre-wrap">${escapeHtml(message)}</p>`]),
    ...(facts.length > 0 ? [`<ul>\n${items}\n</ul>`] : []),
  ].join('\n');
}

/** Fits text into a header, which is one line: line breaks and control characters become spaces. */
const toLine = (text: string): string =>
  cutText(text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '), SUBJECT_CHARACTERS);
