import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addCreateMetric } from './create.ts';
import { addDeleteMetric } from './delete.ts';
import { addDependents } from './dependents.ts';
import { addDependencyGraph } from './graph.ts';
import { addMetric } from './node.ts';
import { addRevertMetric } from './revert.ts';
import { addUpdateMetric } from './update.ts';

/** Adds what the catalog's metrics have beside their list. */
export function addMetrics(parts: Parts): void {
  addMetric(parts);
  addDependents(parts);
  addDependencyGraph(parts);
  addCreateMetric(parts);
  addUpdateMetric(parts);
  addRevertMetric(parts);
  addDeleteMetric(parts);
}
