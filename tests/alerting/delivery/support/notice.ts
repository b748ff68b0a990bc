import type { AlertNotice, NoticedAlert } from '../../../../src/alerting/delivery/channels/channel.ts';

/** The notice about an alert of a rule. */
export function notice(type = 'alert.raised', fields: Partial<NoticedAlert> = {}): AlertNotice {
  return {
    type,
    timestamp: '2026-11-22T12:00:00.000Z',
    data: {
      projectId: 'default',
      alertId: 'rule:costly-users:1',
      type: 'COST',
      severity: 'WARNING',
      status: 'OPEN',
      title: 'Costly end users',
      message: 'Ask the user before the budget does.',
      source: 'rule:costly-users',
      labels: { endUser: 'user-7' },
      value: 12.5,
      threshold: 10,
      raisedAt: '2026-11-22T12:00:00.000Z',
      acknowledgedBy: null,
      acknowledgedAt: null,
      resolvedBy: null,
      resolvedAt: null,
      resolution: null,
      ...fields,
    },
  };
}
