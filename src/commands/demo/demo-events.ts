import type { ActivityPart } from './activity.ts';

/** Datasets about agents, their work, and the machines. */
export type TeamPart =
  | 'agentMetrics'
  | 'agentActivities'
  | 'taskEvents'
  | 'gitCommits'
  | 'healthSamples'
  | 'ragMetrics'
  | 'toolCalls'
  | 'agentUsage';

/** Events that are recorded together, by dataset: an activity, or the team's events of a span. */
export type DemoEvents = Readonly<
  Partial<Record<ActivityPart | TeamPart, readonly Readonly<Record<string, unknown>>[]>>
>;
