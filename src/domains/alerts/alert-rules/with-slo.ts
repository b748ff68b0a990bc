import type { RuleDefinition } from '../../../alerting/rules/rule.ts';
import { readSlosOf } from '../../../alerting/rules/slos-of-rules.ts';
import type { StoredSlo } from '../../../analytics/slos/slo.ts';
import type { StateTransaction } from '../../../graphql/states/state-values.ts';

interface RuleWithSlo<Definition> {
  readonly definition: Definition;
  /** Null if the rule names none, or one that does not exist. */
  readonly slo: StoredSlo | null;
}

/**
 * Reads the SLO that a rule names, and gives the rule the SLO's dataset.
 *
 * @param given the dataset that the client gives the rule; null if none
 */
export async function withSlo<Definition extends Pick<RuleDefinition, 'projectId' | 'sloId' | 'dataset'>>(
  prisma: Pick<StateTransaction, 'slo'>,
  rule: Definition,
  given: string | null = rule.dataset,
): Promise<RuleWithSlo<Definition>> {
  const slo = (await readSlosOf(prisma, [rule]))(rule);
  return { definition: { ...rule, dataset: given ?? slo?.dataset ?? rule.dataset }, slo };
}
