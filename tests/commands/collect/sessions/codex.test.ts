import { describe, expect, it } from 'vitest';
import { codexLog } from '../../../../src/commands/collect/sessions/codex/log.ts';
import { codexIds } from '../../../../src/core/coding-agents.ts';
import { createCollected, useHome } from './support/collected.ts';
import { at, codex, SECRET_TEXT, text } from './support/synthetic.ts';

const { home, write } = useHome();
let count = 0;

/** Collects files with these lines, and returns the stored events and the result. */
async function collect(...files: readonly (readonly unknown[])[]) {
  const folder = `case-${++count}`;
  for (const [index, lines] of files.entries()) {
    write(`${folder}/2026/05/04/rollout-${index}.jsonl`, text(lines));
  }
  write(`${folder}/history.jsonl`, 'not a session\n');
  const collected = createCollected(codexLog, `${home}/${folder}`);
  return { ...collected, result: await collected.collect() };
}

describe('the sessions of Codex', () => {
  it('become one call per response, without counting a repeated response', async () => {
    const tokens = { input: 1_000, cached: 800, output: 90, reasoning: 40 };
    const { events, result } = await collect([
      codex.meta(0, 'thread-1'),
      codex.turn(1),
      codex.event(2, 'token_count', { info: null, rate_limits: {} }),
      codex.call(3, 'call_1', 'shell'),
      codex.tokens(4, tokens, 1_090),
      codex.tokens(5, tokens, 1_090),
      codex.output(6, 'call_1', 'done'),
      codex.turn(7, 'gpt-5-mini'),
      codex.tokens(8, { input: 1_200, output: 10 }, 2_300),
    ]);
    expect(events('llmCalls')).toEqual([
      {
        id: codexIds.call('thread-1', tokens),
        timestamp: at(4),
        provider: 'openai',
        model: 'gpt-5',
        origin: 'codex_cli_rs',
        service: 'codex_cli_rs',
        streaming: true,
        sessionId: 'thread-1',
        agentId: 'codex',
        requestId: 'turn-1',
        release: '0.145.0',
        promptTokens: 1_000,
        cachedPromptTokens: 800,
        completionTokens: 90,
        reasoningTokens: 40,
        toolCallCount: 1,
        attributes: { version: '0.145.0' },
        tags: { repo: 'git@git.example.com:acme/shop.git', branch: 'feature' },
      },
      expect.objectContaining({
        model: 'gpt-5-mini',
        promptTokens: 1_200,
        toolCallCount: 0,
        requestId: 'turn-7',
      }),
    ]);
    expect(result).toMatchObject({ files: 1, duplicates: 0, problems: [] });
  });

  it('omit what a fork copied from another session', async () => {
    const copied = [
      codex.turn(2, 'gpt-5'),
      codex.event(2, 'user_message', { message: SECRET_TEXT }),
      codex.call(2, 'call_1', 'shell'),
      codex.tokens(2, { input: 500, output: 5 }, 505),
      codex.output(2, 'call_1', 'done'),
    ];
    const { events } = await collect(
      [codex.meta(0, 'parent'), ...copied],
      [
        codex.meta(10, 'child', { forked_from_id: 'parent' }),
        codex.meta(10, 'parent'),
        ...copied.map((line) => ({ ...line, timestamp: at(10) })),
        codex.event(10, 'task_started', {}),
        codex.tokens(14, { input: 700, output: 7 }, 1_212),
        codex.event(20, 'user_message', { message: SECRET_TEXT }),
      ],
    );
    expect(events('llmCalls').map(({ sessionId, promptTokens }) => [sessionId, promptTokens])).toEqual([
      ['parent', 500],
      ['child', 700],
    ]);
    expect(events('toolCalls')).toMatchObject([{ sessionId: 'parent' }]);
    expect(events('agentUsage').map(({ kind, sessionId }) => [kind, sessionId])).toEqual([
      ['SESSIONS', 'parent'],
      ['PROMPTS', 'parent'],
      ['SESSIONS', 'child'],
      ['PROMPTS', 'child'],
    ]);
  });

  it.each([
    ['done', null, 1_000],
    ['Exit code: 1\nWall time: 2.5 seconds\nOutput:\nboom', 'error', 2_500],
    ['Wall time: 0.5 seconds\nProcess exited with code 0\nOutput:\nExit code: 1', null, 500],
    [JSON.stringify({ output: 'x', metadata: { exit_code: 2, duration_seconds: 0.25 } }), 'error', 250],
    [JSON.stringify({ output: 'x', metadata: { exit_code: 0 } }), null, 1_000],
    ['{"metadata', null, 1_000],
    [[{ type: 'input_text', text: 'Script failed\nWall time 1.5 seconds\nOutput:\n' }], 'error', 1_500],
    [{ content: 'x', success: false }, 'error', 1_000],
    ['exec command rejected by user', 'rejected', undefined],
    ['command aborted by user', 'interrupted', 1_000],
  ])('read from %j how a tool ended', async (output, errorType, durationMs) => {
    const { events } = await collect([
      codex.meta(0, 'thread-1'),
      codex.call(1, 'call_1', 'exec_command'),
      codex.output(2, 'call_1', output),
    ]);
    const [{ id, success, ...call } = {}] = events('toolCalls');
    expect([id, success]).toEqual([codexIds.tool('thread-1', 'call_1'), errorType === null]);
    expect(call['errorType'] ?? null).toBe(errorType);
    expect(call['durationMs']).toBe(durationMs);
  });

  it('contain the servers of tools, the edited and counted lines, and errors', async () => {
    const changes = {
      'a.ts': { type: 'update', unified_diff: '@@ -1 +1,2 @@\n-old\n+new\n+newer\n' },
      'b.ts': { type: 'add', content: 'one\ntwo\n' },
      'c.ts': { type: 'delete', content: 'three' },
    };
    const { events, result } = await collect([
      codex.meta(0, 'thread-1', { source: { subagent: { thread_spawn: {} } } }),
      codex.call(1, 'c1', 'mcp__docs__search'),
      codex.output(2, 'c1', 'found'),
      codex.call(3, 'c2', 'search', { namespace: 'mcp__docs__' }),
      codex.output(4, 'c2', 'found'),
      codex.item(5, 'web_search_call', { id: 'ws_1', status: 'completed', action: { query: SECRET_TEXT } }),
      codex.event(6, 'patch_apply_end', { call_id: 'c3', success: true, changes }),
      codex.event(7, 'patch_apply_end', { call_id: 'c4', success: false, changes }),
      codex.event(8, 'item_completed', {
        item: { type: 'FileChange', id: 'c5', status: 'completed', changes },
      }),
      codex.event(9, 'task_complete', { turn_id: 't', duration_ms: 2_000 }),
      { timestamp: at(10), type: 'compacted', payload: { message: SECRET_TEXT } },
      codex.event(11, 'error', { message: 'Too many requests', codex_error_info: 'usage_limit_exceeded' }),
      codex.event(12, 'stream_error', { message: 'cut', codex_error_info: { http_connection_failed: {} } }),
      { timestamp: at(13), type: 'hologram', payload: {} },
    ]);
    expect(events('toolCalls')).toMatchObject([
      { tool: 'mcp__docs__search', mcpServer: 'docs', agentId: 'codex/subagent' },
      { tool: 'mcp__docs__search', mcpServer: 'docs' },
      { tool: 'web_search', success: true },
    ]);
    expect(events('agentUsage').map(({ kind, amount }) => [kind, amount])).toEqual([
      ['LINES_ADDED', 4],
      ['LINES_REMOVED', 2],
      ['LINES_ADDED', 4],
      ['LINES_REMOVED', 2],
      ['ACTIVE_SECONDS', 2],
      ['COMPACTIONS', 1],
    ]);
    expect(events('errorLogs')).toMatchObject([
      { errorType: 'usage_limit_exceeded', errorMessage: 'Too many requests', severity: 'ERROR' },
      { errorType: 'http_connection_failed', severity: 'WARNING' },
    ]);
    expect(result.problems).toMatchObject([{ problem: 'the unknown type "hologram"', lines: 1 }]);
    const all = ['toolCalls', 'agentUsage', 'agentActivities', 'errorLogs'].flatMap(events);
    expect(JSON.stringify(all)).not.toContain(SECRET_TEXT);
  });

  it('count a prompt once, however it is written, and give its text only on request', async () => {
    const item = (second: number) => ({
      item: { type: 'UserMessage', content: [{ type: 'text', text: `p${second}` }] },
    });
    const {
      events,
      collect: again,
      progress,
    } = await collect([
      codex.meta(0, 'thread-1'),
      codex.event(1, 'item_completed', item(1)),
      codex.event(1, 'user_message', { message: 'p1' }),
      codex.event(5, 'item_completed', item(5)),
    ]);
    const prompts = () => events('agentUsage').filter(({ kind }) => kind === 'PROMPTS');
    expect(prompts()).toHaveLength(2);
    progress.files.clear();
    await again({ options: { agent: 'codex', prompts: true } });
    expect(prompts()).toHaveLength(2);
    expect(events('agentActivities').map(({ message }) => message)).toEqual([
      'A session of Codex began.',
      'p1',
      'p5',
    ]);
  });

  it('of a version with another line format are reported instead of guessed', async () => {
    const { result } = await collect([
      { id: 'old', timestamp: at(0), instructions: null },
      codex.tokens(1, { input: 1, output: 1 }, 2),
    ]);
    expect(result.problems.map(({ problem }) => problem)).toEqual([
      'a line without a type',
      'a line before the one of its session',
    ]);
    expect(result.accepted).toBe(0);
  });
});
