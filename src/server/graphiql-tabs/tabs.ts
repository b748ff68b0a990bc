import { agentTabs } from './agents.ts';
import { alertTabs } from './alerts.ts';
import { catalogTabs } from './catalog.ts';
import { diagramTabs } from './diagrams.ts';
import { healthTabs } from './health.ts';
import { modelCallTabs } from './model-calls.ts';
import type { GraphiqlTab } from './tab.ts';
import { trafficTabs } from './traffic.ts';

/** What visitors of GraphiQL see first. */
export const graphiqlTabs: readonly GraphiqlTab[] = [
  ...modelCallTabs,
  ...trafficTabs,
  ...diagramTabs,
  ...catalogTabs,
  ...agentTabs,
  ...healthTabs,
  ...alertTabs,
];
