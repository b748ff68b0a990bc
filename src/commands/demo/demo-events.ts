import type { ActivityPart } from './activity.ts';

/** Datasets that tell of agents, their work, and the machines. */
export type TeamPart =
  | 'agentMetrics'
  | 'agentActivities'
  | 'taskEvents'
  | 'gitCommits'
  | 'healthSamples'
  | 'ragMetrics';

/** Events that are recorded together, by dataset: an activity, or what a team did in a while. */
export type DemoEvents = Readonly<
  Partial<Record<ActivityPart | TeamPart, readonly Readonly<Record<string, unknown>>[]>>
>;
