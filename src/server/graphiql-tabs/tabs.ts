import { agentTab } from './agents.ts';
import { alertTab } from './alerts.ts';
import { catalogTab } from './catalog.ts';
import { costTab } from './costs.ts';
import { diagramTab } from './diagrams.ts';
import { healthTab } from './health.ts';
import { analysisTab, liveTab, recordTab } from './model-calls.ts';
import type { GraphiqlTab } from './tab.ts';
import { startTab } from './traffic.ts';

/**
 * The tabs that a visitor of GraphiQL sees first: an overview, then recording, analytics and
 * subscriptions, then one tab per topic.
 */
export const graphiqlTabs: readonly GraphiqlTab[] = [
  startTab,
  recordTab,
  analysisTab,
  liveTab,
  costTab,
  agentTab,
  healthTab,
  alertTab,
  diagramTab,
  catalogTab,
];
