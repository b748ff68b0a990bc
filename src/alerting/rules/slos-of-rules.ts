import type { StoredSlo } from '../../analytics/slos/slo.ts';
import { InvalidArgument } from '../../core/errors.ts';
import { derivedId } from '../../core/ids.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import { forgetFindings } from './forget-findings.ts';
import { NOT_EVALUATED, type RuleDefinition, type StoredRule } from './rule.ts';
import type { ToRule } from './to-rule.ts';

/** Identifies the SLO of a rule. */
type Named = Pick<RuleDefinition, 'projectId' | 'sloId'>;

/** The stored SLO that a rule names; null if it names none, or one that does not exist. */
export type SloOfRule = (rule: Named) => StoredSlo | null;

/** Reads the SLOs that the rules name with one statement; with none if they name none. */
export async function readSlosOf(
  prisma: Pick<PrismaTransaction, 'slo'>,
  rules: readonly Named[],
): Promise<SloOfRule> {
  const ids = [...new Set(rules.flatMap((rule) => sloKey(rule) ?? []))];
  const projects = [...new Set(rules.map(({ projectId }) => projectId))];
  const found =
    ids.length === 0
      ? []
      : await prisma.slo.findMany({ where: { projectId: { in: projects }, id: { in: ids } } });
  const byId = new Map(found.map((slo) => [slo.id, slo]));
  return (rule) => byId.get(sloKey(rule) ?? '') ?? null;
}

/** The UUID of the SLO, which no other project has. */
const sloKey = ({ projectId, sloId }: Named): string | null =>
  sloId === null ? null : derivedId(projectId, 'slos', sloId);

/** The rules that evaluate an SLO, including disabled ones, by their ids. */
export function rulesOfSlo(
  prisma: Pick<PrismaTransaction, 'alertRule'>,
  { projectId, sloId }: Pick<StoredSlo, 'projectId' | 'sloId'>,
): Promise<StoredRule[]> {
  return prisma.alertRule.findMany({ where: { projectId, sloId }, orderBy: { ruleId: 'asc' } });
}

export interface RestartOptions {
  readonly toRule: ToRule;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Restarts the rules of an SLO in the transaction that changes it: what they have found was about
 * another question. Returns the rules as they were, for `endOrphans`.
 *
 * @throws InvalidArgument at `input.objective` if a rule would contradict itself.
 */
export async function restartRules(
  prisma: Pick<PrismaTransaction, 'alertRule' | 'alertState'>,
  changed: StoredSlo,
  { toRule, now }: RestartOptions,
): Promise<readonly StoredRule[]> {
  const rules = await rulesOfSlo(prisma, changed);
  for (const rule of rules) checkStillWorks(rule, () => toRule(rule, changed));
  await forgetFindings(prisma, ...rules);
  for (const { projectId, id, updatedAt } of rules) {
    const data = { ...NOT_EVALUATED, updatedAt: new Date(Math.max(now, updatedAt.getTime() + 1)) };
    await prisma.alertRule.update({ where: { projectId_id: { projectId, id } }, data });
  }
  return rules;
}

function checkStillWorks({ ruleId }: StoredRule, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof InvalidArgument)) throw error;
    throw new InvalidArgument(
      `The alert rule "${ruleId}" evaluates this SLO and would no longer work: ${error.message}`,
      'input.objective',
    );
  }
}
