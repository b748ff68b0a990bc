import type { AlertNotice, HttpChannel } from './channel.ts';
import { secretUrl } from './credentials.ts';
import { readStatus } from './read-status.ts';
import { andMore, facts, fitEscaped, groupHeadline, headline, worstFirst } from './wording.ts';

/**
 * The limit for the text of a block:
 * https://docs.slack.dev/reference/block-kit/blocks/section-block
 */
const MAX_CHARACTERS = 3000;
/** A notification hardly shows more. */
const LINE_CHARACTERS = 300;

/**
 * The most alerts in a message, with two blocks each. A message has at most 50 blocks:
 * https://docs.slack.dev/reference/block-kit/blocks
 */
const MAX_SHOWN = 10;
/** The most characters of a text per alert, in a message about several. */
const SHORT_CHARACTERS = 500;

/** The payload is invalid, the webhook is revoked or forbidden, or its channel is gone. */
const FINAL = [400, 403, 404, 410];

/**
 * A channel of Slack, by an incoming webhook:
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export const slack: HttpChannel = {
  transport: 'http',
  credentials: secretUrl,
  render(notice) {
    const line = escaped(headline(notice), LINE_CHARACTERS);
    const { message } = notice.data;
    const body = message === null ? '' : `\n${escaped(message, MAX_CHARACTERS - LINE_CHARACTERS - 10)}`;
    return {
      // For notifications, which show no blocks.
      text: line,
      blocks: [
        { type: 'section', text: markdown(`*${line}*${body}`) },
        { type: 'context', elements: [markdown(escaped(facts(notice).join(' · '), MAX_CHARACTERS))] },
      ],
    };
  },
  renderGroup(notices) {
    const line = groupHeadline(notices);
    const more = andMore(notices.length, MAX_SHOWN);
    return {
      text: line,
      blocks: [
        { type: 'section', text: markdown(`*${line}*`) },
        ...worstFirst(notices).slice(0, MAX_SHOWN).flatMap(shortBlocks),
        ...(more === null ? [] : [{ type: 'section', text: markdown(more) }]),
      ],
    };
  },
  headers: () => ({}),
  readResponse(response, now) {
    const verdict = readStatus(response, now, FINAL);
    if (verdict.error !== null || response.body.toString().trim() === 'ok') return verdict;
    return { ...verdict, error: 'It did not answer "ok", as Slack does.' };
  },
};

function shortBlocks(notice: AlertNotice) {
  const { message } = notice.data;
  const body = message === null ? '' : `\n${escaped(message, SHORT_CHARACTERS)}`;
  return [
    { type: 'section', text: markdown(`*${escaped(headline(notice), LINE_CHARACTERS)}*${body}`) },
    { type: 'context', elements: [markdown(escaped(facts(notice).join(' · '), SHORT_CHARACTERS))] },
  ];
}

/** `verbatim`: names of channels and people in the text mention nobody. */
const markdown = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });

const CONTROLS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escapes links and mentions: https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escaped(text: string, maxLength: number): string {
  return fitEscaped(text, maxLength, (character) => CONTROLS[character] ?? character);
}
