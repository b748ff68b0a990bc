import { derivedId } from '../../../../src/core/ids.ts';
import type { TestGraphQL } from '../../../support/graphql.ts';

/**
 * Stores open alerts of a rule in the project "default", as its evaluation leaves them. The project
 * has no others.
 */
export async function storeOpenAlerts(
  { services: { store, clock } }: Pick<TestGraphQL, 'services'>,
  ruleId: string,
  count: number,
): Promise<void> {
  const now = new Date(clock.now());
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const alertIdOf = (number: number) => `rule:${ruleId}:${number}`;
  await store.prisma.alertCounter.create({ data: { projectId: 'default', last: count } });
  await store.prisma.alert.createMany({
    data: numbers.map((number) => ({
      projectId: 'default',
      id: derivedId('default', 'alerts', alertIdOf(number)),
      alertId: alertIdOf(number),
      sequence: number,
      type: 'COST',
      severity: 'WARNING',
      status: number % 2 === 0 ? 'OPEN' : 'ACKNOWLEDGED',
      title: 'Busy',
      ruleId,
      labels: { provider: String(number) },
      raisedAt: now,
      updatedAt: now,
    })),
  });
  await store.prisma.alertState.createMany({
    data: numbers.map((number) => ({
      projectId: 'default',
      id: derivedId('default', 'alertStates', String(number)),
      ruleId,
      labels: { provider: String(number) },
      warningSince: now,
      alertId: alertIdOf(number),
      severity: 'WARNING',
      firedAt: now,
      notifiedAt: now,
    })),
  });
}
