import { boolean, duration, enumeration, json, text, texts, timestamp } from '../../core/dataset/column.ts';
import { slug } from '../../core/dataset/slug.ts';
import { defineState } from '../../core/dataset/state.ts';
import { HOUR_MS } from '../../core/time/units.ts';
import { ALERT_SEVERITIES } from './alert-enums.ts';
import { CHANNEL_KINDS } from './channel-kinds.ts';

const TIME_OF_DAY = {
  matches: /^(?:[01]\d|2[0-3]):[0-5]\d$/,
  wanted: 'be a time of day such as "22:00"',
};

/** Receivers of alerts. */
export const webhooks = defineState({
  name: 'webhooks',
  entity: 'Webhook',
  table: 'webhooks',
  description:
    'A receiver of alerts: a URL that is called with POST, or mailboxes. It is notified when an ' +
    'alert is raised, changes or is still open. `kind` determines the format.',
  naturalKey: 'webhookId',
  byKey: {
    description: 'The webhook with this id; null if there is none.',
    key: 'The id, for example "on-call".',
  },
  columns: {
    webhookId: slug('on-call', { sortable: true, description: 'The id, for example "on-call".' }),
    kind: enumeration('ChannelKind', CHANNEL_KINDS, {
      default: 'WEBHOOK',
      description: 'The kind of receiver, which determines the format of the messages. Default: WEBHOOK.',
    }),
    url: text({
      verbatim: true,
      maxLength: 2000,
      description:
        'The http or https URL to call; for EMAIL, "mailto:" and one or more addresses, such as ' +
        '"mailto:ana@acme.example,bo@acme.example". Addresses of private networks are rejected ' +
        'unless the server is configured to allow them. For SLACK and DISCORD, the URL is a ' +
        'secret: only its host is shown, and `***` replaces the rest.',
    }),
    description: text({ optional: true, maxLength: 1000, description: 'Who or what receives the alerts.' }),
    enabled: boolean({ default: true, description: 'Whether the webhook is called. Default: true.' }),
    minSeverity: enumeration('AlertSeverity', ALERT_SEVERITIES, {
      default: 'INFO',
      description:
        'The webhook receives only alerts of this severity or worse. Default: INFO, which means all.',
    }),
    types: texts({
      default: '[]',
      description: 'The webhook receives only alerts of these types, for example ["COST"]. Empty: all.',
    }),
    labels: json({
      optional: true,
      description:
        'The webhook receives only alerts that have all of these labels with exactly these values, ' +
        'for example { "endUser": "user-7" }. Only alerts of rules with `groupBy` have labels. ' +
        'Default: all alerts.',
    }),
    quietFrom: text({
      optional: true,
      pattern: TIME_OF_DAY,
      description:
        'Start of the daily quiet hours, for example "22:00". During these hours only CRITICAL ' +
        'alerts are sent; all others wait until `quietUntil`. Default: no quiet hours.',
    }),
    quietUntil: text({
      optional: true,
      pattern: TIME_OF_DAY,
      description:
        'End of the daily quiet hours, for example "07:00". If it is earlier than `quietFrom`, they end on the next day.',
    }),
    quietTimeZone: text({
      default: 'UTC',
      verbatim: true,
      description:
        'The time zone of the quiet hours, for example "Europe/Berlin" or "+05:30". Default: "UTC".',
    }),
    groupWait: duration({
      optional: true,
      max: HOUR_MS,
      description:
        'How long an alert waits for others to share one message with, for example "PT30S"; at ' +
        'most one hour. Only for the kinds that people read: SLACK, DISCORD and EMAIL. Null or ' +
        '"PT0S": each alert is a separate message. Default: null.',
    }),
    secret: text({
      source: 'server',
      hidden: true,
      description: 'Never shown: the signing key, the key of the receiver, or the whole URL.',
    }),
    previousSecret: text({
      source: 'server',
      hidden: true,
      optional: true,
      description: 'The secret before the last rotation.',
    }),
    previousSecretUntil: timestamp({
      source: 'server',
      optional: true,
      description:
        'Until when messages are also signed with the secret from before the last rotation; null ' +
        'if there is no such secret.',
    }),
  },
});
