import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT_CODES } from '../../../src/commands/exit-codes.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { runCommand } from '../../support/run-command.ts';
import { startApp, type TestApp } from '../../support/start-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'presets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const cells = (...values: unknown[]) =>
  values
    .map((value) => `"${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('"', '""')}"`)
    .join(',');

const OBSERVATION = {
  ...{
    id: 'o-1',
    trace_id: 'trace-1',
    type: 'GENERATION',
    name: 'answer',
    level: 'DEFAULT',
    environment: 'production',
  },
  ...{ start_time: '2026-05-04 10:00:00.500000', end_time: '2026-05-04 10:00:02.000000' },
  ...{
    completion_start_time: '2026-05-04 10:00:00.750000',
    provided_model_name: 'gpt-4o',
    total_cost: 0.0125,
  },
  usage_details: {
    ...{ input: 700, input_cached_tokens: 100, input_cache_creation: 200 },
    ...{ output: 30, output_reasoning_tokens: 20, total: 1050 },
  },
  ...{ prompt_name: 'triage', prompt_version: 12 },
  ...{
    model_parameters: '{"temperature":0.7}',
    latency: 1500,
    user_id: 'mei',
    session_id: 's-1',
    tags: ['beta'],
  },
};
const LANGFUSE = [
  OBSERVATION,
  { ...OBSERVATION, id: 'o-2', type: 'SPAN', provided_model_name: '' },
  {
    ...OBSERVATION,
    id: 'o-3',
    level: 'ERROR',
    status_message: 'Rate limit',
    usage_details: {},
    total_cost: 0,
  },
]
  .map((row) => JSON.stringify(row))
  .join('\n');

const HELICONE = `response_id,response_created_at,response_status,request_created_at,request_body,request_properties,request_user_id,model,prompt_tokens,completion_tokens,latency,cost
"h-1","2026-05-04T10:00:01.250Z","200","2026-05-04T10:00:00.000Z","","{""""team"""":""""search"""",""""Helicone-Session-Id"""":""""s-2""""}","ana","claude-sonnet-4","10","5","","0.5"
"h-2","2026-05-04T10:00:01.000Z","-3","2026-05-04T10:00:00.000Z","","{}","","claude-sonnet-4","","","900",""
`;

const LITELLM_METADATA = {
  usage_object: {
    ...{ prompt_tokens: 20, cache_creation_input_tokens: 3 },
    ...{ prompt_tokens_details: { cached_tokens: 7 }, completion_tokens_details: { reasoning_tokens: 4 } },
  },
};
const LITELLM = `request_id,call_type,api_key,spend,total_tokens,prompt_tokens,completion_tokens,startTime,endTime,completionStartTime,model,custom_llm_provider,cache_hit,team_id,end_user,status,session_id,metadata
${cells('chatcmpl-1', 'acompletion', 'hash', '0.002', '30', '20', '10', '2026-05-04 10:00:00', '2026-05-04 10:00:03', '2026-05-04 10:00:01', 'gpt-4o-mini', 'openai', 'False', 'blue', 'u-1', 'success', 's-3', LITELLM_METADATA)}
${cells('chatcmpl-2', 'aembedding', 'hash', '0', '0', '0', '0', '2026-05-04 10:01:00', '2026-05-04 10:01:01', '2026-05-04 10:01:01', 'azure/house-model', '', 'None', '', '', 'failure', '', '{}')}
`;

const OPENAI = `start_time,end_time,start_time_iso,end_time_iso,num_model_requests,project_id,api_key_id,model,input_tokens,output_tokens,input_cached_tokens
1777852800,1777939200,2026-05-04T00:00:00+00:00,2026-05-05T00:00:00+00:00,42,proj_1,key_1,gpt-4o-2024-08-06,300000,5000,1000
1777939200,1778025600,2026-05-05T00:00:00+00:00,2026-05-06T00:00:00+00:00,,,,,,,
`;

const ANTHROPIC = `usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count,inference_geo,speed
2026-05-04,claude-sonnet-4-20250514,laptop,Default,standard,≤ 200k,100,20,3,400,50,2,not_available,
`;

const CALL = `timestamp requestId provider model operation origin endUser environment success errorType errorMessage
  statusCode streaming cached promptTokens completionTokens cachedPromptTokens totalTokens cost costSource latencyMs
  timeToFirstTokenMs temperature attributes sessionId promptVersion cacheWritePromptTokens reasoningTokens tags
  audioPromptTokens audioCompletionTokens`;

describeEachDatabase('telltale import --preset', (database) => {
  let running: TestApp;
  beforeAll(async () => {
    running = await startApp({ database });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  function run(format: string, name: string, text: string, ...flags: string[]) {
    const file = join(folder, `${database.dialect}-${name}`);
    writeFileSync(file, text);
    return runCommand(['import', format, file, ...flags, '--url', running.url]);
  }

  const calls = async (filter: string) => {
    const list = `{ llmCalls(filter: ${filter}, orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { ${CALL} } } }`;
    return (await running.query<{ llmCalls: { nodes: Record<string, unknown>[] } }>(list)).llmCalls.nodes;
  };

  it('langfuse: imports only calls, each once, with latencies computed from their times', async () => {
    const flags = ['--preset=langfuse', '--set=provider=openai'];
    const { code, stdout } = await run('jsonl', 'langfuse', LANGFUSE, ...flags);
    expect(stdout).toContain('1 observations are not model calls, and were left out.\n2 rows: 2 accepted');
    expect(code).toBe(EXIT_CODES.done);
    // Another file overlaps with the first.
    const again = await run('jsonl', 'langfuse', LANGFUSE.split('\n').slice(2).join('\n'), ...flags);
    expect(again.stdout).toContain('0 accepted, 1 duplicates');
    const [first, failed] = await calls('{ requestId: { eq: "trace-1" } }');
    const [call, error] = first?.success === true ? [first, failed] : [failed, first];
    expect(call).toMatchObject({
      ...{
        timestamp: '2026-05-04T10:00:00.500Z',
        provider: 'openai',
        model: 'gpt-4o',
        environment: 'production',
      },
      ...{
        promptTokens: 1000,
        completionTokens: 50,
        cachedPromptTokens: 100,
        cacheWritePromptTokens: 200,
        reasoningTokens: 20,
        sessionId: 's-1',
        promptVersion: 'triage@12',
        cost: 0.0125,
        costSource: 'REPORTED',
      },
      ...{ latencyMs: 1500, timeToFirstTokenMs: 250, streaming: true, temperature: 0.7, endUser: 'mei' },
      attributes: { name: 'answer', tags: ['beta'] },
    });
    expect(error).toMatchObject({
      success: false,
      errorType: 'error',
      errorMessage: 'Rate limit',
      totalTokens: 0,
    });
  });

  it('helicone: reads its CSV, whose properties are escaped twice, with a given provider', async () => {
    const lacking = await run('csv', 'helicone', HELICONE, '--preset=helicone');
    expect(lacking).toMatchObject({
      code: EXIT_CODES.usage,
      stderr: expect.stringMatching(/needs provider/),
    });
    const { stdout } = await run(
      'csv',
      'helicone',
      HELICONE,
      '--preset=helicone',
      '--set=provider=anthropic',
    );
    expect(stdout).toContain('2 rows: 2 accepted');
    expect(await calls('{ endUser: { eq: "ana" } }')).toMatchObject([
      {
        ...{
          timestamp: '2026-05-04T10:00:00.000Z',
          model: 'claude-sonnet-4',
          statusCode: 200,
          success: true,
        },
        ...{
          promptTokens: 10,
          completionTokens: 5,
          cost: 0.5,
          latencyMs: 1250,
          sessionId: 's-2',
          attributes: { team: 'search' },
        },
      },
    ]);
    expect(await calls('{ latencyMs: { eq: 900 } }')).toMatchObject([{ success: false, statusCode: null }]);
    const line = {
      response_id: 'h-3',
      provider: 'OPENAI',
      delay_ms: 7,
      costUSD: 2,
      request_properties: { a: 1 },
    };
    const times = { request_created_at: '2026-05-04T11:00:00Z', response_created_at: '2026-05-04T11:00:01Z' };
    const json = JSON.stringify({
      ...line,
      ...times,
      response_status: 200,
      ...{ prompt_tokens: 1, prompt_cache_read_tokens: 20, prompt_cache_write_tokens: 300 },
      ...{ prompt_audio_tokens: 4_000, completion_tokens: 5, completion_audio_tokens: 60, total_tokens: 6 },
      request_model: 'gpt-4o',
    });
    await run('jsonl', 'helicone', json, '--preset=helicone');
    expect(await calls('{ latencyMs: { eq: 7 } }')).toMatchObject([
      {
        ...{ provider: 'openai', model: 'gpt-4o', cost: 2, attributes: { a: 1 } },
        // Helicone's counts exclude the parts; ours include them.
        ...{ promptTokens: 4_321, completionTokens: 65, totalTokens: 4_386 },
        ...{ cachedPromptTokens: 20, cacheWritePromptTokens: 300 },
        ...{ audioPromptTokens: 4_000, audioCompletionTokens: 60 },
      },
    ]);
  });

  it('litellm: reads its table of spend, in which 0 means an unknown cost', async () => {
    const { stdout } = await run('csv', 'litellm', LITELLM, '--preset=litellm');
    expect(stdout).toContain('2 rows: 2 accepted');
    expect(await calls('{ origin: { eq: "litellm" } }')).toMatchObject([
      {
        ...{
          requestId: 'chatcmpl-1',
          provider: 'openai',
          model: 'gpt-4o-mini',
          operation: 'chat',
          endUser: 'u-1',
        },
        ...{
          cost: 0.002,
          totalTokens: 30,
          latencyMs: 3000,
          timeToFirstTokenMs: 1000,
          streaming: true,
          cached: false,
        },
        ...{ sessionId: 's-3', cachedPromptTokens: 7, cacheWritePromptTokens: 3, reasoningTokens: 4 },
        tags: { team: 'blue' },
        attributes: { team_id: 'blue' },
      },
      {
        ...{
          provider: 'azure',
          operation: 'embedding',
          success: false,
          errorType: 'failure',
          streaming: false,
        },
        ...{ cost: null, costSource: 'UNKNOWN' },
      },
    ]);
  });

  it('usage of OpenAI and Anthropic: imports sums that stay distinct from calls, without computed costs', async () => {
    const openai = await run('csv', 'openai', OPENAI, '--preset=openai-usage');
    expect(openai.stdout).toContain('1 rows have no requests, and were left out.\n1 rows: 1 accepted');
    const anthropic = await run('csv', 'anthropic', ANTHROPIC, '--preset=anthropic-usage');
    expect(anthropic.stdout).toContain('1 rows: 1 accepted');
    const usage = await calls('{ operation: { eq: "usage" } }');
    expect(
      usage.toSorted((one, other) => String(other['origin']).localeCompare(String(one['origin']))),
    ).toMatchObject([
      {
        ...{
          timestamp: '2026-05-04T00:00:00.000Z',
          provider: 'usage',
          origin: 'openai-usage',
          model: 'gpt-4o-2024-08-06',
        },
        ...{ promptTokens: 300000, completionTokens: 5000, cachedPromptTokens: 1000, cost: null },
        attributes: { calls: 42, project_id: 'proj_1', key_id: 'key_1' },
      },
      {
        ...{ timestamp: '2026-05-04T00:00:00.000Z', provider: 'usage', origin: 'anthropic-usage' },
        ...{ promptTokens: 523, completionTokens: 50, cachedPromptTokens: 400, cost: null },
        ...{ cacheWritePromptTokens: 23, latencyMs: null },
        attributes: { key_name: 'laptop', workspace: 'Default' },
      },
    ]);
  });

  it('refuses other files, and flags that contradict the preset', async () => {
    const refused: [string[], RegExp][] = [
      [['--preset=litellm'], /The file is not an export of litellm: it lacks request_id, .*Omit --preset/],
      [['--preset=datadog'], /--preset: there is no datadog\. There are: langfuse, helicone/],
      [['--preset=helicone', '--map=model=m'], /Give --preset or --map, not both/],
      [['--preset=helicone', '--dataset=errorLogs'], /--dataset: a preset imports llmCalls/],
    ];
    for (const [flags, message] of refused) {
      const { code, stderr } = await run('csv', 'other', HELICONE, ...flags);
      expect({ flags, code, stderr }).toEqual({
        ...{ flags, code: EXIT_CODES.usage, stderr: expect.stringMatching(message) },
      });
    }
    const spans = LANGFUSE.split('\n')[1] ?? '';
    const nothing = await run('jsonl', 'spans', spans, '--preset=langfuse', '--set=provider=openai');
    expect(nothing.stderr).toContain('Nothing to import: all 1 observations are not model calls.');
  });
});
