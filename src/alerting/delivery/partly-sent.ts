import type { AlertMessage } from './channels/channel.ts';

type Messages = readonly Pick<AlertMessage, 'messageId'>[];

/**
 * The e-mails that the mail server accepted for only some addresses, and that will be tried again.
 */
export interface PartlySent {
  /**
   * The addresses that lack at least one of the messages. All of them if none does, because the
   * webhook may have other addresses now.
   */
  missing(addresses: readonly string[], messages: Messages): readonly string[];
  /** Records that these addresses have the messages. */
  add(addresses: readonly string[], messages: Messages): void;
  /** Must be called when the messages are not tried again. */
  forget(messages: Messages): void;
}

/**
 * Beyond this number, the oldest entries are dropped. Messages that are never tried again stay
 * until then.
 */
const MAX_MESSAGES = 1000;

/**
 * Kept in memory only. After a restart, or on another instance, a retry goes to all addresses: an
 * address gets an e-mail twice rather than never.
 */
export function createPartlySent(): PartlySent {
  const receivers = new Map<string, Set<string>>();

  return {
    missing(addresses, messages) {
      const lacking = addresses.filter((address) =>
        messages.some(({ messageId }) => receivers.get(messageId)?.has(address) !== true),
      );
      return lacking.length > 0 ? lacking : addresses;
    },
    add(addresses, messages) {
      for (const { messageId } of messages) {
        const known = receivers.get(messageId) ?? [];
        receivers.set(messageId, new Set([...known, ...addresses]));
      }
      for (const messageId of receivers.keys()) {
        if (receivers.size <= MAX_MESSAGES) break;
        receivers.delete(messageId);
      }
    },
    forget(messages) {
      for (const { messageId } of messages) receivers.delete(messageId);
    },
  };
}
