import { sql } from 'kysely';
import type { Context } from '../../../graphql/context.ts';

/** The stored state of a group of a rule, as Prisma returns it. */
export type RuleState = Awaited<ReturnType<typeof findStates>>[number];

/**
 * First the groups that fire, the critical ones before the others; then the pending ones. The
 * newest come first.
 */
const WORST_FIRST = sql`severity is null, severity, fired_at desc, warning_since is null, warning_since desc, id`;

/**
 * The first states of each rule, the worst first, by `ruleId`. Rules without states are missing.
 * Two statements serve all rules.
 */
export async function readRuleStates(
  context: Context,
  ruleIds: readonly string[],
  first: number,
): Promise<ReadonlyMap<string, readonly RuleState[]>> {
  const { query } = context.services.store;
  const numbered = query
    .selectFrom('alert_states')
    .where('project_id', '=', context.projectId)
    .where('rule_id', 'in', [...ruleIds])
    .select([
      'id',
      sql<number>`row_number() over (partition by rule_id order by ${WORST_FIRST})`.as('position'),
    ]);
  const keys = await query
    .selectFrom(numbered.as('numbered'))
    .where('position', '<=', first)
    .orderBy('position')
    .select('id')
    .execute();
  const ids = keys.map(({ id }) => id);
  const states = new Map((await findStates(context, ids)).map((state) => [state.id, state]));
  const byRule = new Map<string, RuleState[]>();
  for (const id of ids) {
    const state = states.get(id);
    // The group may have recovered meanwhile.
    if (state !== undefined) byRule.set(state.ruleId, [...(byRule.get(state.ruleId) ?? []), state]);
  }
  return byRule;
}

function findStates({ projectId, services }: Context, ids: string[]) {
  return services.store.prisma.alertState.findMany({ where: { projectId, id: { in: ids } } });
}
