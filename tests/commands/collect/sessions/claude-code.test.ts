import { describe, expect, it } from 'vitest';
import { claudeCodeLog } from '../../../../src/commands/collect/sessions/claude-code/log.ts';
import { claudeCodeIds } from '../../../../src/core/coding-agents.ts';
import { createCollected, useHome } from './support/collected.ts';
import { at, claude, SECRET_TEXT, text } from './support/synthetic.ts';

const { home, write } = useHome();
let count = 0;

/** Collects files with these lines, and returns the stored events and the result. */
async function collect(...files: readonly (readonly unknown[])[]) {
  const folder = `case-${++count}`;
  for (const [index, lines] of files.entries()) write(`${folder}/shop/${index}.jsonl`, text(lines));
  const collected = createCollected(claudeCodeLog, `${home}/${folder}`);
  return { ...collected, result: await collected.collect() };
}

const thinking = { type: 'thinking', thinking: SECRET_TEXT };

describe('the sessions of Claude Code', () => {
  it('become one call per answer, with all tokens of its last line', async () => {
    const parts = [thinking, claude.use('toolu_1', 'Bash'), claude.use('toolu_2', 'Read')];
    const { events, result } = await collect([
      claude.prompt(0),
      ...claude.answer({ id: '1', second: 1, parts, stop: 'tool_use' }),
    ]);
    expect(events('llmCalls')).toEqual([
      {
        id: claudeCodeIds.call('req_1'),
        timestamp: at(3),
        provider: 'anthropic',
        model: 'claude-sonnet-4-5',
        origin: 'claude-code',
        service: 'claude-code',
        streaming: true,
        sessionId: 'session-1',
        agentId: 'claude-code',
        requestId: 'prompt-0',
        release: '2.1.90',
        finishReason: 'tool_use',
        serviceTier: 'STANDARD',
        promptTokens: 2_310,
        cachedPromptTokens: 2_000,
        cacheWritePromptTokens: 300,
        completionTokens: 150,
        toolCallCount: 2,
        attributes: { cacheWrite1hTokens: 100 },
        tags: { repo: '/gone/shop', branch: 'main' },
      },
    ]);
    expect(result).toMatchObject({ files: 1, lines: 4, duplicates: 0, problems: [], waiting: 0 });
  });

  it('count an answer once, also if a subagent answers in between, the session was copied or the request is missing', async () => {
    const first = claude.answer({
      id: 'a',
      second: 1,
      parts: [thinking, thinking],
      more: { requestId: undefined },
    });
    const other = claude.answer({ id: 'b', second: 2, more: { isSidechain: true, agentId: 'f00' } });
    const lines = [claude.prompt(0), first[0], ...other, first[1]];
    const copy = lines.map((line) => ({ ...line, sessionId: 'session-2' }));
    const { events, result } = await collect(lines, copy);
    expect(events('llmCalls')).toMatchObject([
      { id: claudeCodeIds.call('req_b'), agentId: 'claude-code/subagent', attributes: { subagent: 'f00' } },
      { id: claudeCodeIds.call('msg_a'), agentId: 'claude-code', completionTokens: 150, toolCallCount: 0 },
    ]);
    expect(result.datasets['llmCalls']).toEqual({ accepted: 2, duplicates: 2, rejected: 0 });
  });

  it('record answers in the order in which they end, even if many are still open', async () => {
    const answers = Array.from({ length: 30 }, (_, index) =>
      claude.answer({ id: `${index}`, second: index, stop: null }),
    );
    const { events } = await collect(answers.flat());
    expect(events('llmCalls').map(({ id }) => id)).toEqual(
      answers.map((_, index) => claudeCodeIds.call(`req_${index}`)),
    );
  });

  it('become tool calls that show how each ended, how long it took, and how many lines it edited', async () => {
    const names = ['Edit', 'mcp__github__create_issue', 'Bash', 'Write', 'Write', 'Glob'];
    const lines = ['+new', '+newer', '-old', ' same'];
    const { events, result } = await collect([
      claude.prompt(0),
      ...claude.answer({
        id: '1',
        second: 1,
        parts: names.map((name, index) => claude.use(`t${index}`, name)),
      }),
      claude.result(11, 't0', { toolUseResult: { structuredPatch: [{ lines }, { lines: ['-gone'] }] } }),
      claude.result(12, 't1', {}, { is_error: true }),
      claude.result(13, 't2', { toolUseResult: { interrupted: true } }),
      claude.result(14, 't3', { toolUseResult: 'User rejected tool use' }, { is_error: true }),
      claude.result(15, 't4', { toolUseResult: { type: 'create', structuredPatch: [], content: 'a\nb\n' } }),
      claude.result(16, 't5', { toolUseResult: { durationMs: 618 } }),
      claude.result(17, 't9'),
    ]);
    expect(events('toolCalls')).toMatchObject([
      { tool: 'Edit', success: true, durationMs: 10_000, sessionId: 'session-1', requestId: 'prompt-0' },
      { tool: 'mcp__github__create_issue', mcpServer: 'github', success: false, errorType: 'error' },
      { tool: 'Bash', success: false, errorType: 'interrupted' },
      { tool: 'Write', success: false, decision: 'REJECTED', errorType: 'rejected' },
      { tool: 'Write', success: true },
      { tool: 'Glob', success: true, durationMs: 618 },
    ]);
    expect(events('toolCalls')[3]).not.toHaveProperty('durationMs');
    expect(events('toolCalls')[0]).toMatchObject({ id: claudeCodeIds.tool('t0'), timestamp: at(11) });
    const usage = events('agentUsage').map(({ kind, amount, timestamp }) => [kind, amount, timestamp]);
    expect(usage.slice(2)).toEqual([
      ['LINES_ADDED', 2, at(11)],
      ['LINES_REMOVED', 2, at(11)],
      ['EDITS_REJECTED', 1, at(14)],
      ['LINES_ADDED', 2, at(15)],
    ]);
    expect(result.problems).toMatchObject([{ problem: 'a tool result whose call is missing', lines: 1 }]);
  });

  it('become usage and errors, and a session begins once', async () => {
    const subagent = { isSidechain: true, agentId: 'f00' };
    const { events } = await collect(
      [
        { type: 'summary', summary: SECRET_TEXT },
        claude.prompt(0),
        claude.prompt(1, '<local-command-stdout></local-command-stdout>'),
        claude.prompt(2, SECRET_TEXT, { isMeta: true }),
        claude.prompt(3, SECRET_TEXT, { promptId: undefined }),
        claude.system(4, 'compact_boundary'),
        claude.prompt(5, SECRET_TEXT, { isCompactSummary: true }),
        claude.system(6, 'turn_duration', { durationMs: 5_500 }),
        claude.system(7, 'api_error', { error: { status: 529, message: 'Overloaded' }, retryAttempt: 2 }),
        claude.system(8, 'api_error', { error: { cause: { code: 'ECONNRESET' } } }),
        claude.failure(9),
      ],
      [claude.prompt(1, SECRET_TEXT, subagent)],
    );
    expect(events('agentUsage').map(({ kind, amount }) => [kind, amount])).toEqual([
      ['SESSIONS', 1],
      ['PROMPTS', 1],
      ['PROMPTS', 1],
      ['COMPACTIONS', 1],
      ['ACTIVE_SECONDS', 5.5],
    ]);
    expect(events('agentActivities')).toMatchObject([{ activityType: 'session', sessionId: 'session-1' }]);
    expect(events('errorLogs')).toMatchObject([
      { errorType: 'http_529', errorMessage: 'Overloaded', severity: 'WARNING', attributes: { attempt: 2 } },
      { errorType: 'ECONNRESET', errorMessage: '', severity: 'WARNING' },
      { errorType: 'rate_limit', errorMessage: 'API Error: 429 Too many requests', severity: 'ERROR' },
    ]);
    expect(events('llmCalls')).toEqual([]);
  });

  it('send no text of a session, except prompts if they are requested', async () => {
    const lines = [
      claude.prompt(0),
      ...claude.answer({ id: '1', second: 1, parts: [thinking, claude.use('t1', 'Edit')] }),
      claude.result(5, 't1', { toolUseResult: { structuredPatch: [{ lines: [`+${SECRET_TEXT}`] }] } }),
    ];
    const { events, collect: again, progress } = await collect(lines);
    const all = ['llmCalls', 'toolCalls', 'agentUsage', 'agentActivities', 'errorLogs'].flatMap(events);
    expect(all).toHaveLength(6);
    expect(JSON.stringify([all, [...progress.files]])).not.toContain(SECRET_TEXT);
    progress.files.clear();
    await again({ options: { agent: 'builder', prompts: true } });
    expect(events('agentActivities').at(-1)).toMatchObject({ activityType: 'prompt', message: SECRET_TEXT });
  });

  it('report lines that are broken, cut off or of an unknown shape, and read the others', async () => {
    const { result, events } = await collect([
      '{"type":"user","message":',
      '[1]',
      '',
      { type: 'hologram' },
      { type: 'hologram' },
      { no: 'type' },
      { ...claude.prompt(0), timestamp: 'yesterday' },
      ...claude.answer({ id: '1', second: 1, more: { message: { id: 'msg', model: 'claude' } } }),
      ...claude.answer({ id: '2', second: 2, usage: { input_tokens: 'many', output_tokens: -1 } }),
    ]);
    const first = expect.stringMatching(/shop\/0\.jsonl, line \d$/);
    expect(result.problems).toEqual([
      { problem: 'no JSON object', lines: 2, first: expect.stringMatching(/line 1$/) },
      { problem: 'the unknown type "hologram"', lines: 2, first },
      { problem: 'a line without a type', lines: 1, first },
      { problem: 'a line without a time', lines: 1, first },
      { problem: 'an answer without id, model or usage', lines: 1, first },
    ]);
    expect(events('llmCalls')).toMatchObject([{ promptTokens: 2_300, completionTokens: 0 }]);
  });
});
