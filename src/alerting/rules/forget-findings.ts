import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { StoredRule } from './rule.ts';

/**
 * Deletes what rules have found. They no longer handle their alerts, which `endOrphans` resolves
 * once the change is stored.
 */
export async function forgetFindings(
  prisma: Pick<PrismaTransaction, 'alertState'>,
  ...rules: readonly Pick<StoredRule, 'projectId' | 'ruleId'>[]
): Promise<void> {
  for (const { projectId, ruleId } of rules)
    await prisma.alertState.deleteMany({ where: { projectId, ruleId } });
}
