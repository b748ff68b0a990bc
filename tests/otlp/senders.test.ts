import { afterAll, beforeAll, expect, it } from 'vitest';
import { claudeCodeIds } from '../../src/core/coding-agents.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { claudeCode } from './payloads/claude-code.ts';
import { codex } from './payloads/codex.ts';
import { geminiCli } from './payloads/gemini-cli.ts';
import { langfuse } from './payloads/langfuse.ts';
import { langsmith } from './payloads/langsmith.ts';
import { ORDERS } from './payloads/nested.ts';
import { openInference } from './payloads/openinference.ts';
import { newOpenLlmetry, openLlmetry } from './payloads/openllmetry.ts';
import { ignoredIn, type OtlpApp, rowsOf, startOtlp, statusOf } from './support/otlp-app.ts';
import { shown, traces } from './support/telemetry.ts';

describeEachDatabase('what senders send becomes rows', (database) => {
  let otlp: OtlpApp;
  beforeAll(async () => {
    otlp = await startOtlp(database);
  });
  afterAll(() => otlp[Symbol.asyncDispose]());

  it('reads events, metrics and spans of Claude Code, and counts each call once', async () => {
    const project = await otlp.project('claude-code');
    expect(await project.send(claudeCode)).toEqual({ logs: {}, metrics: {}, traces: {} });
    const rows = await rowsOf(project);
    const session = 'cec62d6f-60f8-43e8-a67b-133b2a138a83';
    const agent = { agentId: 'builder', sessionId: session };
    const call = {
      ...{ ...agent, taskId: 'TASK-42', release: '2.1.266', service: 'claude-code', origin: 'claude-code' },
      ...{ provider: 'anthropic', model: 'claude-sonnet-4-5-20250929', operation: 'chat', streaming: false },
      ...{ requestId: 'prompt-1', endUser: 'ada@acme.example' },
      tags: { team: 'platform', costCenter: 'eng-123', repo: 'acme/shop', branch: 'main' },
    };
    expect(rows['llmCalls']).toEqual([
      {
        ...{ ...call, timestamp: shown(2000), success: true, latencyMs: 5210 },
        // `input_tokens` of 12 excludes the tokens that were read from the cache or written to it.
        ...{ promptTokens: 19_512, cachedPromptTokens: 18_000, cacheWritePromptTokens: 1500 },
        ...{ completionTokens: 340, cost: 0.016161, costSource: 'REPORTED' },
      },
      {
        ...{ ...call, timestamp: shown(3000), success: true, latencyMs: 4000 },
        ...{ promptTokens: 1512, cachedPromptTokens: 0, cacheWritePromptTokens: 1500 },
        ...{ completionTokens: 340, cost: 0.01, costSource: 'REPORTED' },
      },
      {
        ...{ ...call, timestamp: shown(8000), success: false, statusCode: 529, latencyMs: 12_000 },
        ...{ errorType: 'HTTP 529', errorMessage: 'Overloaded', promptTokens: 0, completionTokens: 0 },
        ...{ cost: 0, costSource: 'COMPUTED' },
      },
    ]);
    const tool = { ...agent, requestId: 'prompt-1' };
    expect(rows['toolCalls']).toEqual([
      { ...tool, tool: 'Bash', success: true, decision: 'AUTO', durationMs: 830 },
      {
        ...{ ...tool, tool: 'mcp__github__search', mcpServer: 'github', success: false },
        ...{ decision: 'ACCEPTED', durationMs: 90, errorType: 'timeout' },
      },
      { ...tool, tool: 'Edit', success: false, decision: 'REJECTED', errorType: 'rejected' },
    ]);
    const amounts = {
      ...{ PROMPTS: 1, COMPACTIONS: 1, LINES_REMOVED: 4, SESSIONS: 1, LINES_ADDED: 40 },
      ...{ EDITS_ACCEPTED: 3, ACTIVE_SECONDS: 12.5, COMMITS: 2 },
    };
    const usage = Object.entries(amounts).map(([kind, amount]) => ({ ...agent, kind, amount }));
    expect(rows['agentUsage']).toHaveLength(usage.length);
    expect(rows['agentUsage']).toEqual(expect.arrayContaining(usage));
    expect(rows['agentActivities']).toMatchObject([
      { ...agent, activityType: 'prompt', message: 'Asked with 57 characters', taskId: 'TASK-42' },
      { ...agent, activityType: 'compaction' },
    ]);
    expect(rows['agentMetrics']).toEqual([
      { agentId: 'builder', status: 'ACTIVE', currentTask: 'TASK-42', branch: 'main' },
    ]);
    expect(rows['taskEvents']?.map((event) => (event as { eventType: string }).eventType)).toEqual(
      expect.arrayContaining(['STARTED', 'UPDATED']),
    );
    expect(rows['errorLogs']).toMatchObject([{ errorType: 'HTTP 529', errorMessage: 'Overloaded' }]);
    expect(ignoredIn(await statusOf(project))).toEqual({
      LOGS: { COUNTED_ELSEWHERE: 1, OTHER_LOG: 1 },
      METRICS: { COUNTED_ELSEWHERE: 2, NOTHING: 1 },
      TRACES: { COUNTED_ELSEWHERE: 2 },
    });

    await project.send(claudeCode);
    expect(await rowsOf(project), 'sent again').toEqual(rows);

    // The same as `collect claude-code` records from the files, which may arrive at another time.
    const fromFiles = `mutation { recordActivity(input: {
      llmCalls: { id: "${claudeCodeIds.call('req_1')}", provider: "anthropic", model: "m" }
      toolCalls: { id: "${claudeCodeIds.tool('toolu_1')}", tool: "Bash", success: true }
      agentUsage: { id: "${claudeCodeIds.prompt('prompt-1')}", kind: PROMPTS, amount: 1 }
      errorLogs: { id: "${claudeCodeIds.error('req_9')}", errorType: "api_error", errorMessage: "Overloaded" }
    }) { accepted duplicates } }`;
    expect(await project.query(fromFiles)).toEqual({ recordActivity: { accepted: 0, duplicates: 4 } });
  });

  it('reads events of Codex, which sends the beginning of a call in an event of its own', async () => {
    const project = await otlp.project('codex');
    await project.send(codex);
    const rows = await rowsOf(project);
    const agent = { agentId: 'ada@acme.example/conversation-1', sessionId: 'conversation-1' };
    const call = { ...agent, provider: 'openai', model: 'gpt-5-codex', origin: 'codex_cli_rs' };
    expect(rows['llmCalls']).toMatchObject([
      {
        ...{ ...call, promptTokens: 9000, cachedPromptTokens: 4000, completionTokens: 700 },
        ...{ cacheWritePromptTokens: 1000, reasoningTokens: 512, cost: 0.013_75, success: true },
        // The request took 780 ms until its answer began.
        ...{ latencyMs: 4000 - (900 - 780), timeToFirstTokenMs: 950 },
      },
      { ...call, statusCode: 429, success: false, errorMessage: 'Too Many Requests', latencyMs: 65 },
      { ...call, promptTokens: 100, completionTokens: 10, cost: 0.000_225 },
    ]);
    expect(rows['llmCalls']?.[2], 'its request came in another batch').not.toHaveProperty('latencyMs');
    expect(rows['toolCalls']).toEqual([
      { ...agent, tool: 'shell', success: false, decision: 'REJECTED', errorType: 'rejected' },
      { ...agent, tool: 'shell', success: true, decision: 'ACCEPTED', durationMs: 830 },
    ]);
    expect(rows['errorLogs']).toMatchObject([{ errorType: 'HTTP 429' }]);
    expect(ignoredIn(await statusOf(project))).toEqual({
      LOGS: { COUNTED_ELSEWHERE: 3, OTHER_LOG: 1 },
      TRACES: { COUNTED_ELSEWHERE: 1 },
    });
  });

  it('reads events of Gemini CLI, and says which metrics it needs', async () => {
    const project = await otlp.project('gemini-cli');
    const { metrics } = await project.send(geminiCli);
    expect(metrics).toEqual({
      partialSuccess: {
        rejectedDataPoints: '2',
        errorMessage: expect.stringContaining('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta'),
      },
    });
    const rows = await rowsOf(project);
    expect(rows['llmCalls']).toMatchObject([
      {
        ...{ provider: 'google', model: 'gemini-2.5-pro', requestId: 'prompt-7', finishReason: 'STOP' },
        // Thoughts are charged as output, but are not part of `output_token_count`.
        ...{ promptTokens: 5000, cachedPromptTokens: 3000, completionTokens: 800, reasoningTokens: 600 },
        ...{ latencyMs: 2400, statusCode: 200, cost: 0.010_875 },
      },
      { requestId: 'prompt-8', success: false, statusCode: 429, errorType: 'ApiError' },
    ]);
    expect(rows['toolCalls']).toMatchObject([{ tool: 'replace', success: true, decision: 'AUTO' }]);
    expect(rows['agentUsage']).toMatchObject([{ kind: 'PROMPTS', amount: 1 }]);
    const status = await statusOf(project);
    expect(ignoredIn(status)).toEqual({
      LOGS: { COUNTED_ELSEWHERE: 2 },
      METRICS: { COUNTED_ELSEWHERE: 1, OTHER_METRIC: 1 },
      TRACES: { COUNTED_ELSEWHERE: 1 },
    });
    expect(status.find(({ signal }) => signal === 'METRICS')).toMatchObject({
      rejected: 2,
      lastError: expect.stringContaining('cumulative'),
    });
  });

  it('takes spans of a program whose name only begins as that of Codex', async () => {
    const project = await otlp.project('codex-search');
    const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini' };
    const span = { name: 'chat', id: 1, at: [0, 900] as const, attributes };
    for (const name of ['codex-search', 'codex_sdk_ts', 'Codex Desktop'])
      await project.send({ traces: traces({ 'service.name': name }, 'search', [span]) });
    expect((await rowsOf(project))['llmCalls']).toMatchObject([{ service: 'codex-search' }]);
  });

  it('reads calls, but no workflows, of OpenLLMetry and OpenInference', async () => {
    const traceloop = await otlp.project('openllmetry');
    await traceloop.send(openLlmetry);
    expect(await rowsOf(traceloop)).toMatchObject({
      llmCalls: [
        {
          ...{ provider: 'openai', model: 'gpt-4o-mini-2024-07-18', service: 'joke-app', release: '7' },
          ...{ promptTokens: 120, completionTokens: 60, streaming: true, cost: 0.000_054, latencyMs: 1200 },
        },
      ],
    });
    expect(ignoredIn(await statusOf(traceloop))).toEqual({ TRACES: { OUTER_SPAN: 2 } });

    const newer = await otlp.project('openllmetry-new');
    await newer.send(newOpenLlmetry);
    expect(await rowsOf(newer)).toMatchObject({
      llmCalls: [
        {
          ...{ provider: 'openai', model: 'gpt-4o-2024-08-06', sessionId: 'session-1', endUser: 'user-1' },
          ...{ promptTokens: 1000, completionTokens: 160, cost: 0.0041, temperature: 0.3, maxTokens: 99 },
          tags: { tenant: 'acme', workflow: 'joke_creator' },
        },
      ],
      toolCalls: [{ tool: 'search', sessionId: 'session-1', durationMs: 50 }],
    });
    expect(ignoredIn(await statusOf(newer))).toEqual({ TRACES: { OUTER_SPAN: 1 } });

    const arize = await otlp.project('openinference');
    await arize.send(openInference);
    expect(await rowsOf(arize)).toMatchObject({
      llmCalls: [
        { operation: 'embedding', model: 'text-embedding-3-small', promptTokens: 50, cost: 0.000_001 },
        {
          ...{ provider: 'azure', model: 'gpt-4o', sessionId: 'session-3', endUser: 'user-3' },
          ...{ promptTokens: 800, cachedPromptTokens: 300, completionTokens: 90, reasoningTokens: 30 },
          ...{ cost: 0.0042, costSource: 'REPORTED' },
        },
      ],
      toolCalls: [{ tool: 'search_docs', success: true, durationMs: 190 }],
    });
    expect(ignoredIn(await statusOf(arize))).toEqual({ TRACES: { OUTER_SPAN: 2 } });
  });

  it('reads tokens, failures and times of Langfuse and LangSmith, which send them as JSON', async () => {
    const project = await otlp.project('langfuse');
    await project.send(langfuse);
    const who = { endUser: 'u5', sessionId: 's5', environment: 'test', tags: { feature: 'f1' } };
    expect(await rowsOf(project)).toMatchObject({
      llmCalls: [
        {
          ...{ ...who, provider: 'openai', operation: 'chat', cost: 0.003, success: true },
          ...{ timeToFirstTokenMs: 150, temperature: 0.4, maxTokens: 77 },
          ...{ promptTokens: 100, cachedPromptTokens: 40, completionTokens: 20 },
        },
        {
          ...{ ...who, provider: 'anthropic', success: false, errorMessage: 'boom' },
          // The total shows that cached tokens are part of the input.
          ...{ promptTokens: 100, cachedPromptTokens: 40 },
        },
        { ...who, provider: 'openai', operation: 'embedding', promptTokens: 50, cost: 0.000_001 },
      ],
      toolCalls: [{ tool: 'search', sessionId: 's5', success: false }],
    });
    const other = await otlp.project('langsmith');
    await other.send(langsmith);
    expect(await rowsOf(other)).toMatchObject({
      llmCalls: [
        {
          ...{ sessionId: 's6', endUser: 'u6', tags: { feature: 'f2' }, success: true, finishReason: 'stop' },
          ...{ promptTokens: 120, cachedPromptTokens: 64, completionTokens: 45, reasoningTokens: 20 },
        },
        { provider: 'openai', success: false, errorType: 'Error', errorMessage: '429 Rate limit reached' },
      ],
      errorLogs: [{ sessionId: 's6', errorMessage: '429 Rate limit reached' }],
    });
  });

  it.each(Object.entries(ORDERS))(
    'counts a call that several spans describe once: %s',
    async (name, payloads) => {
      const project = await otlp.project(`nested-${Object.keys(ORDERS).indexOf(name)}`);
      for (const payload of payloads) await project.send(payload);
      const { llmCalls } = await rowsOf(project);
      expect(llmCalls).toMatchObject([{ promptTokens: 1050, completionTokens: 33, provider: 'anthropic' }]);
      const spans = payloads.length === 1 && {
        ...{ endUser: 'u2', sessionId: 's2', maxTokens: 100, temperature: 0.5, finishReason: 'end_turn' },
        ...{ cachedPromptTokens: 900, cacheWritePromptTokens: 50, tags: { team: 'ml', feature: 'x' } },
      };
      expect(llmCalls?.[0]).toMatchObject({ ...spans });
      for (const payload of payloads) await project.send(payload);
      expect((await rowsOf(project))['llmCalls'], 'sent again').toEqual(llmCalls);
    },
  );
});
