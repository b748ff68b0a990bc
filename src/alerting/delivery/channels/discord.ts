import type { Answer } from '../post.ts';
import type { Channel } from './channel.ts';
import { secretUrl } from './credentials.ts';
import { judgeByStatus } from './judge-by-status.ts';
import { facts, fitEscaped, headline } from './wording.ts';

/**
 * https://discord.com/developers/docs/resources/message#embed-object-embed-limits: 6000 characters
 * in all.
 */
const [TITLE_CHARACTERS, DESCRIPTION_CHARACTERS, FOOTER_CHARACTERS] = [256, 4096, 1500];

/** The message is wrong, or the webhook is deleted or forbidden. */
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
export const discord: Channel = {
  credentials: secretUrl,
  render(notice) {
    const { message, severity, status } = notice.data;
    return {
      // Whatever stands in the alert, nobody is called by it.
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: escaped(headline(notice), TITLE_CHARACTERS),
          ...(message !== null && { description: escaped(message, DESCRIPTION_CHARACTERS) }),
          color: status === 'RESOLVED' ? RESOLVED_COLOR : COLORS[severity],
          // No Markdown is read there.
          footer: { text: fitEscaped(facts(notice).join(' · '), FOOTER_CHARACTERS, String) },
          timestamp: notice.timestamp,
        },
      ],
    };
  },
  headers: () => ({}),
  judge(answer, now) {
    const verdict = judgeByStatus(answer, now, FINAL);
    const askedMs = answer.status === TOO_MANY ? readRetryAfterMs(answer.body) : null;
    return askedMs === null ? verdict : { ...verdict, retryAfterMs: askedMs };
  },
};

/** `{ "retry_after": 1.5 }` in seconds: finer than the header. */
function readRetryAfterMs(body: Answer['body']): number | null {
  const seconds = Number(/"retry_after"\s*:\s*(\d+(?:\.\d+)?)/.exec(body.toString())?.[1] ?? Number.NaN);
  return Number.isNaN(seconds) ? null : Math.ceil(seconds * 1000);
}

/** Without Markdown. */
function escaped(text: string, maxLength: number): string {
  return fitEscaped(text, maxLength, (character) => character.replace(/[\\*_~`|<>#[\]]/, '\\$&'));
}
