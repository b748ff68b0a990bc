import { boolean, enumeration, json, text, texts, timestamp } from '../../core/dataset/column.ts';
import { slug } from '../../core/dataset/slug.ts';
import { defineState } from '../../core/dataset/state.ts';
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
    'Whom to tell of alerts: a URL that is called with POST when an alert is raised, changed or still open. `kind` says how it is written.',
  naturalKey: 'webhookId',
  byKey: {
    description: 'The webhook with that id; null when there is none.',
    key: 'Its id, for example "on-call".',
  },
  columns: {
    webhookId: slug('on-call', { sortable: true, description: 'Its id, for example "on-call".' }),
    kind: enumeration('ChannelKind', CHANNEL_KINDS, {
      default: 'WEBHOOK',
      description: 'What is behind it, and so how alerts are written to it. Default: WEBHOOK.',
    }),
    url: text({
      verbatim: true,
      maxLength: 2000,
      description:
        'Where to call: an http or https URL. Addresses of private networks are refused unless the server is configured to allow them. ' +
        'Of SLACK and DISCORD, whose URL is a secret, `***` stands in place of its last part when it is shown.',
    }),
    description: text({ optional: true, maxLength: 1000, description: 'Who or what is behind it.' }),
    enabled: boolean({ default: true, description: 'False: it is not called.' }),
    minSeverity: enumeration('AlertSeverity', ALERT_SEVERITIES, {
      default: 'INFO',
      description: 'It is told of alerts of this severity and worse. Default: of all.',
    }),
    types: texts({
      default: '[]',
      description: 'It is told of alerts of these types, for example ["COST"]. Empty: of all.',
    }),
    labels: json({
      optional: true,
      description:
        'It is told of alerts that have exactly these labels, and maybe others, for example { "endUser": "user-7" }. Only alerts of ' +
        'rules with `groupBy` have labels. Default: of all.',
    }),
    quietFrom: text({
      optional: true,
      pattern: TIME_OF_DAY,
      description:
        'When its quiet hours begin each day, for example "22:00": only CRITICAL alerts go out then, and the rest waits until ' +
        '`quietUntil`. Default: none.',
    }),
    quietUntil: text({
      optional: true,
      pattern: TIME_OF_DAY,
      description: 'When its quiet hours end, for example "07:00". Before `quietFrom`: on the next day.',
    }),
    quietTimeZone: text({
      default: 'UTC',
      verbatim: true,
      description: 'By whose clocks: "Europe/Berlin", "+05:30". Default: "UTC".',
    }),
    secret: text({
      source: 'server',
      hidden: true,
      description: 'What nobody is shown: a key to sign with, a key of the receiver, or the whole URL.',
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
        'Until then what is sent is signed with the secret before the last rotation, too. Null: it was not rotated.',
    }),
  },
});
