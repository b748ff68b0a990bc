import type { HttpResponse } from '../post.ts';
import type { AlertNotice, HttpChannel } from './channel.ts';
import { secretUrl } from './credentials.ts';
import { readStatus } from './read-status.ts';
import { andMore, facts, fitEscaped, groupHeadline, headline, worstFirst } from './wording.ts';

/**
 * https://discord.com/developers/docs/resources/message#embed-object-embed-limits: 6000 characters
 * in all.
 */
const [TITLE_CHARACTERS, DESCRIPTION_CHARACTERS, FOOTER_CHARACTERS] = [256, 4096, 1500];

/** The most alerts in a message, which has at most 10 embeds. */
const MAX_SHOWN = 10;
/** The most characters of title, description and footer, so that 10 embeds stay within 6000. */
const SHORT = [150, 300, 150] as const;

/** Whatever text the alert contains, it mentions nobody. */
const NOBODY = { parse: [] };

/** The message is invalid, or the webhook is deleted or forbidden. */
const FINAL = [400, 401, 403, 404, 410];

const TOO_MANY = 429;

/** RGB of the bar beside the text. */
const COLORS: Readonly<Record<string, number>> = {
  INFO: 0x3b82f6,
  WARNING: 0xf59e0b,
  ERROR: 0xea580c,
  CRITICAL: 0xdc2626,
};
const RESOLVED_COLOR = 0x16a34a;

/**
 * A channel of Discord, by an incoming webhook:
 * https://discord.com/developers/docs/resources/webhook#execute-webhook
 */
export const discord: HttpChannel = {
  transport: 'http',
  credentials: secretUrl,
  render: (notice) => ({
    allowed_mentions: NOBODY,
    embeds: [embed(notice, [TITLE_CHARACTERS, DESCRIPTION_CHARACTERS, FOOTER_CHARACTERS])],
  }),
  renderGroup(notices) {
    const more = andMore(notices.length, MAX_SHOWN);
    return {
      allowed_mentions: NOBODY,
      content: [groupHeadline(notices), ...(more === null ? [] : [more])].join(', '),
      embeds: worstFirst(notices)
        .slice(0, MAX_SHOWN)
        .map((notice) => embed(notice, SHORT)),
    };
  },
  headers: () => ({}),
  readResponse(response, now) {
    const verdict = readStatus(response, now, FINAL);
    const askedMs = response.status === TOO_MANY ? readRetryAfterMs(response.body) : null;
    return askedMs === null ? verdict : { ...verdict, retryAfterMs: askedMs };
  },
};

/** The numbers are the most characters of title, description and footer. */
function embed(notice: AlertNotice, [title, description, footer]: readonly [number, number, number]) {
  const { message, severity, status } = notice.data;
  return {
    title: escaped(headline(notice), title),
    ...(message !== null && { description: escaped(message, description) }),
    color: status === 'RESOLVED' ? RESOLVED_COLOR : COLORS[severity],
    // Footers do not render Markdown.
    footer: { text: fitEscaped(facts(notice).join(' · '), footer, String) },
    timestamp: notice.timestamp,
  };
}

/** `{ "retry_after": 1.5 }` in seconds: more precise than the header. */
function readRetryAfterMs(body: HttpResponse['body']): number | null {
  const seconds = Number(/"retry_after"\s*:\s*(\d+(?:\.\d+)?)/.exec(body.toString())?.[1] ?? Number.NaN);
  return Number.isNaN(seconds) ? null : Math.ceil(seconds * 1000);
}

/** Escapes Markdown. */
function escaped(text: string, maxLength: number): string {
  return fitEscaped(text, maxLength, (character) => character.replace(/[\\*_~`|<>#[\]]/, '\\$&'));
}
