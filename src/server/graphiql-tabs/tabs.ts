import { agentTab } from './agents.ts';
import { alertTab } from './alerts.ts';
import { catalogTab } from './catalog.ts';
import { diagramTab } from './diagrams.ts';
import { healthTab } from './health.ts';
import { analysisTab, liveTab, recordTab } from './model-calls.ts';
import type { GraphiqlTab } from './tab.ts';
import { startTab } from './traffic.ts';

/**
 * What visitors of GraphiQL see first: a start, then record, analyse, watch; then one tab for each
 * subject.
 */
export const graphiqlTabs: readonly GraphiqlTab[] = [
  startTab,
  recordTab,
  analysisTab,
  liveTab,
  agentTab,
  healthTab,
  alertTab,
  diagramTab,
  catalogTab,
];
