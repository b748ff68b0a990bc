import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../../support/databases.ts';
import { runCommand } from '../../../support/run-command.ts';
import { startApp, type TestApp } from '../../../support/start-app.ts';
import { useScratch } from '../git/support/scratch.ts';
import { useHome } from './support/collected.ts';
import { claude, codex, text } from './support/synthetic.ts';

const LONG_AGO = new Date('2026-05-04T12:00:00Z');

describeEachDatabase('telltale collect claude-code and codex', (database) => {
  const { home } = useHome();
  const scratches = useScratch();
  let server: TestApp;
  let shop = '';
  beforeAll(async () => {
    server = await startApp({ database });
    const scratch = scratches.create();
    scratch.git(['remote', 'add', 'origin', 'git@git.example.com:acme/shop.git']);
    shop = scratch.path;
    const inShop = (lines: readonly Record<string, unknown>[]) =>
      lines.map((line) => ({ ...line, cwd: shop }));
    put('.claude/projects/-work-shop/session-1.jsonl', [
      ...inShop([
        claude.prompt(0),
        ...claude.answer({ id: '1', second: 1, parts: [claude.use('t1', 'mcp__github__create_issue')] }),
        claude.result(5, 't1', { toolUseResult: { structuredPatch: [{ lines: ['+one'] }] } }),
        claude.failure(8),
      ]),
      '{"type":"user","mess',
    ]);
    put('.claude/projects/-work-shop/session-2.jsonl', nextDay(claude.answer({ id: '2', second: 1 })));
    put('.codex/sessions/2026/05/04/rollout-1.jsonl', [
      codex.meta(0, 'thread-1'),
      codex.turn(1),
      codex.call(2, 'call_1', 'shell'),
      codex.tokens(3, { input: 1_000, cached: 800, output: 90, reasoning: 40 }, 1_090),
      codex.output(4, 'call_1', 'Exit code: 1\nOutput:\n'),
    ]);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  function put(file: string, lines: readonly unknown[]): void {
    const path = join(home, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text(lines));
    utimesSync(path, LONG_AGO, LONG_AGO);
  }

  const nextDay = (lines: readonly Record<string, unknown>[]) =>
    lines.map((line) => ({
      ...line,
      cwd: shop,
      sessionId: 'session-2',
      gitBranch: 'feature',
      timestamp: String(line['timestamp']).replace('05-04', '05-05'),
    }));

  async function collect(agent: string, ...flags: readonly string[]) {
    const outcome = await runCommand(['collect', agent, '--json', ...flags], {
      HOME: home,
      CLAUDE_CONFIG_DIR: '',
      CODEX_HOME: '',
    });
    return { ...outcome, result: outcome.stdout === '' ? null : JSON.parse(outcome.stdout) };
  }

  it('records what is new, and each event once', async () => {
    const way = ['--url', server.url];
    const first = await collect('claude-code', ...way);
    expect(first).toMatchObject({ code: 0, result: { files: 2, accepted: 10, duplicates: 0, rejected: 0 } });
    expect(first.result.problems).toEqual([
      { problem: 'no JSON object', lines: 1, first: expect.stringMatching(/session-1\.jsonl, line 5$/) },
    ]);
    expect((await collect('claude-code', ...way)).result).toMatchObject({ files: 0, accepted: 0 });
    // Another home has its own progress, so everything is read and sent again.
    const again = await collect('claude-code', ...way, '--home', join(home, '.claude'));
    expect(again.result).toMatchObject({ files: 2, accepted: 0, duplicates: 10, rejected: 0 });
    expect((await collect('codex', ...way)).result).toMatchObject({ accepted: 4, rejected: 0, problems: [] });
    expect((await collect('codex', ...way)).result).toMatchObject({ files: 0, accepted: 0 });

    appendFileSync(
      join(home, '.claude/projects/-work-shop/session-2.jsonl'),
      text(nextDay(claude.answer({ id: '3', second: 9 }))),
    );
    utimesSync(
      join(home, '.claude/projects/-work-shop/session-2.jsonl'),
      LONG_AGO,
      new Date(LONG_AGO.getTime() + 1),
    );
    expect((await collect('claude-code', ...way)).result).toMatchObject({ files: 1, lines: 1, accepted: 1 });
  });

  it('answers the cost per repository, branch and day with one query', async () => {
    interface Series {
      readonly dimensions: { readonly repo: string; readonly branch: string };
      readonly points: readonly { start: string; stats: { count: number; cost: { sum: number } } }[];
    }
    const { llmCallAnalytics, llmCalls } = await server.query<{
      llmCallAnalytics: { series: readonly Series[] };
      llmCalls: { nodes: readonly { sessionId: string; cost: number }[] };
    }>(
      `{
        llmCallAnalytics(range: { from: "2026-05-04T00:00:00Z", to: "2026-05-06T00:00:00Z" }) {
          series(grain: DAY) {
            dimensions { repo: tag(key: "repo") branch: tag(key: "branch") }
            points { start stats { count cost { sum } } }
          }
        }
        llmCalls { nodes { sessionId cost } }
      }`,
    );
    const costOf = (session: string) =>
      llmCalls.nodes.reduce((sum, { sessionId, cost }) => sum + (sessionId === session ? cost : 0), 0);
    const rows = llmCallAnalytics.series.flatMap(({ dimensions: { repo, branch }, points }) =>
      points
        .filter(({ stats }) => stats.count > 0)
        .map(({ start, stats }) => [repo, branch, start.slice(0, 10), stats.count, stats.cost.sum]),
    );
    expect(rows.sort()).toEqual([
      ['acme/shop', 'feature', '2026-05-04', 1, costOf('thread-1')],
      ['acme/shop', 'feature', '2026-05-05', 2, costOf('session-2')],
      ['acme/shop', 'main', '2026-05-04', 1, costOf('session-1')],
    ]);
    expect(costOf('session-2')).toBeGreaterThan(0);
  });

  it('records to which session, repository and branch each call, tool and error belongs', async () => {
    const answer = await server.query(
      `{
        llmCalls(filter: { sessionId: { in: ["session-1", "thread-1"] } }, orderBy: { field: TIMESTAMP, direction: ASC }) {
          nodes {
            provider sessionId agentId tags promptTokens cachedPromptTokens cacheWritePromptTokens completionTokens
            reasoningTokens toolCallCount serviceTier latencyMs costSource
          }
        }
        toolCalls(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { tool mcpServer success errorType sessionId tags } }
        errorLogs { nodes { errorType severity sessionId service } }
        agentUsage(filter: { kind: { in: [LINES_ADDED, SESSIONS] } }) { totalCount }
        agentActivities { totalCount }
      }`,
    );
    const shopTags = { repo: 'acme/shop', branch: 'main' };
    expect(answer).toEqual({
      llmCalls: {
        nodes: [
          {
            provider: 'anthropic',
            sessionId: 'session-1',
            agentId: 'claude-code',
            tags: shopTags,
            promptTokens: 2_310,
            cachedPromptTokens: 2_000,
            cacheWritePromptTokens: 300,
            completionTokens: 150,
            reasoningTokens: null,
            toolCallCount: 1,
            serviceTier: 'STANDARD',
            latencyMs: null,
            costSource: 'COMPUTED',
          },
          expect.objectContaining({
            provider: 'openai',
            sessionId: 'thread-1',
            tags: { repo: 'acme/shop', branch: 'feature' },
            reasoningTokens: 40,
          }),
        ],
      },
      toolCalls: {
        nodes: [
          {
            tool: 'shell',
            mcpServer: null,
            success: false,
            errorType: 'error',
            sessionId: 'thread-1',
            tags: { repo: 'acme/shop', branch: 'feature' },
          },
          {
            tool: 'mcp__github__create_issue',
            mcpServer: 'github',
            success: true,
            errorType: null,
            sessionId: 'session-1',
            tags: shopTags,
          },
        ],
      },
      errorLogs: {
        nodes: [
          { errorType: 'rate_limit', severity: 'ERROR', sessionId: 'session-1', service: 'claude-code' },
        ],
      },
      agentUsage: { totalCount: 4 },
      agentActivities: { totalCount: 3 },
    });
  });

  it('shows what would be sent without storing it or saving its progress', async () => {
    const dry = await collect('codex', '--dry-run');
    expect(dry).toMatchObject({ code: 0, result: { accepted: 4, duplicates: 0 } });
    expect(dry.result.samples.llmCalls).toMatchObject({ model: 'gpt-5', tags: { repo: 'acme/shop' } });
    expect((await collect('codex', '--dry-run')).result).toMatchObject({ files: 1, accepted: 4 });
  });
});

describe('telltale collect claude-code on the command line', () => {
  it.each([
    [['--home', '/gone'], '--home: /gone has no sessions of Claude Code: there is no /gone/projects.'],
    [['--skip', 'llmCalls, tools'], '--skip: tools is not one of llmCalls, toolCalls,'],
    [['--since', 'yesterday'], '--since: "yesterday" is not a time'],
    [['--dry-run', '--follow'], 'Give --dry-run or --follow, not both.'],
    [['--url', 'http://127.0.0.1:1/graphql'], '--url: no server answers at http://127.0.0.1:1/graphql.'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await runCommand(['collect', 'claude-code', ...flags]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});
