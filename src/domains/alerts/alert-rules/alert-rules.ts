import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addCreateAlertRule } from './create.ts';
import { addDeleteAlertRule } from './delete.ts';
import { addEnableAlertRule } from './enable.ts';
import { addAlertRule } from './node.ts';
import { addRuleStates } from './states.ts';
import { addUpdateAlertRule } from './update.ts';

/** Adds what alert rules have beside their list. */
export function addAlertRules(parts: Parts): void {
  addAlertRule(parts);
  addRuleStates(parts);
  addCreateAlertRule(parts);
  addUpdateAlertRule(parts);
  addEnableAlertRule(parts);
  addDeleteAlertRule(parts);
}
