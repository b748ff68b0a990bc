import { expect, test } from 'vitest';
import { datasets } from '../../src/declarations/registry.ts';

/**
 * The measures whose sums are in stored cells, by position. New ones may follow; these keep their
 * positions.
 */
const STORED: Readonly<Record<string, readonly string[]>> = {
  requestLogs: ['latencyMs'],
  llmCalls: [
    'promptTokens',
    'completionTokens',
    'cachedPromptTokens',
    'totalTokens',
    'cost',
    'latencyMs',
    'timeToFirstTokenMs',
    'timeToLastTokenMs',
    'tokensPerSecond',
    'messageCount',
    'savedCost',
    'cacheWritePromptTokens',
    'reasoningTokens',
    'toolCallCount',
    'audioPromptTokens',
    'audioCompletionTokens',
    'imagePromptTokens',
  ],
  techniqueUsages: ['transformersCount'],
  errorLogs: [],
  generations: ['durationMs', 'cost', 'totalTokens'],
  metricUsages: [],
  agentMetrics: ['cpuUsage', 'memoryUsage', 'memoryPercent', 'uncommittedChanges', 'uptimeSeconds'],
  agentActivities: [],
  taskEvents: [],
  gitCommits: ['filesChanged', 'linesAdded', 'linesDeleted'],
  healthSamples: [
    'apiLatencyMs',
    'websocketConnections',
    'fileWatchEvents',
    'errorCount',
    'cpuUsage',
    'memoryUsage',
    'diskUsage',
  ],
  ragMetrics: [
    'totalPatterns',
    'totalQueries',
    'averageResponseTimeMs',
    'hitRate',
    'memoryUsage',
    'queryVolumeLastHour',
  ],
  toolCalls: ['durationMs'],
  agentUsage: ['amount'],
};

test.each(datasets)('$name keeps the positions of its measures', ({ name, measures }) => {
  const stored = STORED[name] ?? [];
  const declared = measures.slice(0, stored.length).map((measure) => measure.name);
  expect(declared, 'Stored cells hold the sums of measures by position: declare a new measure last.').toEqual(
    stored,
  );
});

test('every dataset with measures at fixed positions still exists', () => {
  expect(datasets.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(STORED)));
});
