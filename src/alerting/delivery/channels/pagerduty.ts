import { cutText } from '../../../core/cut-text.ts';
import { derivedId } from '../../../core/ids.ts';
import type { HttpChannel } from './channel.ts';
import { givenKey } from './credentials.ts';
import { readStatus } from './read-status.ts';

const SUMMARY_CHARACTERS = 1024;

/**
 * The event is invalid. Any other failure may be temporary: a new integration key takes a moment to
 * work.
 */
const FINAL = [400];

/**
 * The action for the incident. A reminder is another trigger, which PagerDuty adds to the open
 * incident.
 */
const ACTIONS: Readonly<Record<string, string>> = {
  'alert.acknowledged': 'acknowledge',
  'alert.resolved': 'resolve',
};

/**
 * An incident of PagerDuty, by its Events API v2:
 * https://developer.pagerduty.com/docs/events-api-v2-overview
 */
export const pagerduty: HttpChannel = {
  transport: 'http',
  credentials: givenKey(/^[A-Za-z0-9]{32}$/, 'the integration key of PagerDuty: 32 letters and digits'),
  render({ type, timestamp, data }, secret) {
    const { projectId, alertId, severity, title, source, message, labels, value, threshold } = data;
    return {
      routing_key: secret,
      event_action: ACTIONS[type] ?? 'trigger',
      // The `uuid` of the alert: all notifications of one alert go to one incident.
      dedup_key: derivedId(projectId, 'alerts', alertId),
      client: 'Telltale',
      payload: {
        summary: cutText(title, SUMMARY_CHARACTERS),
        source: source ?? projectId,
        severity: severity.toLowerCase(),
        timestamp,
        class: data.type,
        group: projectId,
        custom_details: { alertId, message, labels, value, threshold },
      },
    };
  },
  headers: () => ({}),
  readResponse: (response, now) => readStatus(response, now, FINAL),
};
