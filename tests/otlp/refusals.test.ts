import { gzipSync } from 'node:zlib';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeOneDatabase } from '../support/databases.ts';
import { type OtlpApp, type OtlpProject, postJson, rowsOf, startOtlp, statusOf } from './support/otlp-app.ts';
import { type GivenSpan, logs, traces } from './support/telemetry.ts';

const PROTOBUF = 'application/x-protobuf';
const call = (id: number, fields: Partial<GivenSpan> = {}): GivenSpan => ({
  ...{ name: 'chat', id, at: [0, 100], ...fields },
  attributes: {
    ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.system': 'openai', 'gen_ai.request.model': 'gpt-4o' },
    ...fields.attributes,
  },
});
const sent = (spans: readonly GivenSpan[]) => traces({ 'service.name': 'app' }, 'test', spans);

/** A `google.rpc.Status`. */
function readStatus(bytes: Uint8Array): { code: number; message: string } {
  const reader = new BinaryReader(bytes);
  const status = { code: 0, message: '' };
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1) status.code = reader.int32();
    else if (field === 2) status.message = reader.string();
    else reader.skip(type);
  }
  return status;
}

describeOneDatabase('what OTLP refuses', (database) => {
  let otlp: OtlpApp;
  let project: OtlpProject;
  let url: string;
  beforeAll(async () => {
    otlp = await startOtlp(database, { INGEST_QUEUE_EVENTS: '100', MAX_INGEST_BODY_BYTES: '200000' });
    project = await otlp.project('strict');
    url = `${otlp.base}/v1/traces`;
  });
  afterAll(() => otlp[Symbol.asyncDispose]());

  const post = (body: Buffer | string, headers: Record<string, string>, to = url) =>
    fetch(to, { method: 'POST', headers, body: Buffer.from(body) });

  async function refusal(response: Response) {
    const type = response.headers.get('content-type');
    const bytes = new Uint8Array(await response.arrayBuffer());
    const status = type === PROTOBUF ? readStatus(bytes) : JSON.parse(Buffer.from(bytes).toString());
    return { http: response.status, type, ...status };
  }

  it.each([
    ['without a key', {}, 401, 16, 'needs an API key'],
    ['with a wrong key', { authorization: 'Bearer tlt_wrong' }, 401, 16, 'is not valid'],
  ])('a sender %s, in both encodings', async (_, headers, http, code, message) => {
    for (const type of [PROTOBUF, 'application/json']) {
      const response = await post('', { ...headers, 'content-type': type });
      expect(await refusal(response)).toEqual({
        http,
        type,
        code,
        message: expect.stringContaining(message),
      });
    }
  });

  it('a key that may not record, or may send only trusted documents', async () => {
    const { keys } = otlp.running.app.services;
    const of = { projectId: project.projectId };
    const reading = await keys.create({ ...of, scopes: ['READ'] });
    const trusted = await keys.create({ ...of, scopes: ['INGEST'], trustedDocumentsOnly: true });
    for (const { text } of [reading, trusted]) {
      const headers = { authorization: `Bearer ${text}`, 'content-type': PROTOBUF };
      expect(await refusal(await post('', headers))).toMatchObject({ http: 403, code: 7 });
      const [status] = await statusOf(project);
      expect(status?.lastError).toContain(text === reading.text ? 'INGEST' : 'trusted documents');
    }
  });

  it.each([
    ['protobuf that ends within a field', Buffer.from([0x0a, 0x7f, 1]), PROTOBUF],
    ['a message that is longer than the one around it', Buffer.from([0x0a, 2, 0x12, 9, 0, 0]), PROTOBUF],
    ['another format', Buffer.from('resource_spans'), PROTOBUF],
    ['JSON that is cut off', '{"resourceSpans":[', 'application/json'],
    ['JSON of the wrong types', '{"resourceSpans":[{"scopeSpans":"all"}]}', 'application/json'],
    [
      'an integer beyond 64 bits',
      '{"resourceSpans":[{"resource":{"attributes":[{"key":"n","value":{"intValue":"1000000000000000000000001"}}]}}]}',
      'application/json',
    ],
    [
      'lists nested without end',
      `{"resourceSpans":[{"resource":{"attributes":[${nested(40)}]}}]}`,
      'application/json',
    ],
  ])('%s, and stores nothing', async (_, body, type) => {
    const response = await post(body, { ...project.headers, 'content-type': type });
    expect(await refusal(response)).toMatchObject({ http: 400, type, code: 3 });
    const [status] = await statusOf(project);
    expect(status).toMatchObject({
      sender: null,
      received: 0,
      lastError: expect.stringContaining('The body'),
    });
  });

  it('other types, methods and paths', async () => {
    const { headers } = project;
    const text = await post('spans', { ...headers, 'content-type': 'application/grpc' });
    expect(await refusal(text)).toMatchObject({
      ...{ http: 415, message: expect.stringContaining('OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf') },
    });
    expect((await statusOf(project))[0]?.lastError).toContain('application/grpc');
    expect((await fetch(url, { headers })).headers.get('allow')).toBe('POST');
    const own = otlp.own;
    expect((await fetch(`${own}/graphql`, { headers })).status).toBe(404);
    expect((await postJson(`${own}/v1/traces`, {}, headers)).status).toBe(200);
    for (const [to, type] of [
      [`${otlp.base}/v1/trace`, 'application/json'],
      [`${otlp.base}/`, PROTOBUF],
      [`${own}/v1/traces/`, PROTOBUF],
    ] as const) {
      const message = expect.stringContaining(
        'OTEL_EXPORTER_OTLP_ENDPOINT to the address of this server without',
      );
      expect(await refusal(await post('x', { 'content-type': type }, to))).toMatchObject({
        ...{ http: 404, type, code: 5, message },
      });
    }
  });

  it('bodies that are too large, before and after decompression', async () => {
    const headers = { ...project.headers, 'content-type': PROTOBUF, 'content-encoding': 'gzip' };
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    expect(bomb.length).toBeLessThan(200_000);
    expect(await refusal(await post(bomb, headers))).toMatchObject({ http: 413, type: PROTOBUF });
    expect(await refusal(await post('no gzip', headers))).toMatchObject({ http: 400, type: PROTOBUF });
    const [status] = await statusOf(project);
    expect(status?.lastError).toContain('gzip');
  });

  it('events for which the queue has no room, with the time to try again', async () => {
    const many = sent(Array.from({ length: 101 }, (_, index) => call(index + 1)));
    const response = await postJson(url, many, project.headers);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await refusal(response)).toMatchObject({ http: 503, code: 14 });
    expect(await rowsOf(project)).toEqual({});
    const status = await statusOf(project);
    expect(status.find(({ sender }) => sender === 'app')).toMatchObject({ failedRequests: 1, received: 0 });
  });

  it('events over a quota, with the time to try again', async () => {
    const { text } = await otlp.running.app.services.keys.create({
      ...{ projectId: project.projectId, scopes: ['INGEST'], quotas: { eventsPerMinute: 2 } },
    });
    const headers = { authorization: `Bearer ${text}` };
    expect((await postJson(url, sent([call(1), call(2)]), headers)).status).toBe(200);
    const response = await postJson(url, sent([call(3)]), headers);
    expect(await refusal(response)).toMatchObject({ http: 429, code: 8 });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  it('a request that is larger than a quota, before any part of it is stored', async () => {
    await using roomy = await startOtlp(database);
    const { projectId } = await roomy.project('roomy');
    const most = 10_000;
    const { text } = await roomy.running.app.services.keys.create({
      ...{ projectId, scopes: ['INGEST', 'READ'], quotas: { eventsPerMinute: most } },
    });
    const headers = { authorization: `Bearer ${text}` };
    const exceptions = Array.from({ length: most + 1 }, (_, index) => ({ 'exception.type': `E${index}` }));
    const span = { name: 'job', id: 1, at: [0, 100] as const, exceptions };
    const response = await postJson(`${roomy.base}/v1/traces`, sent([span]), headers);
    expect(await refusal(response)).toMatchObject({ http: 400, code: 3 });
    const { data } = (await (
      await postJson(roomy.running.url, { query: '{ errorLogs { totalCount } }' }, headers)
    ).json()) as { data: unknown };
    expect(data).toEqual({ errorLogs: { totalCount: 0 } });
  });

  describe('in part', () => {
    it('accepts the valid entries of a request, and reports the refused ones in both encodings', async () => {
      const partial = await otlp.project('partial');
      const spans = [call(1), call(2, { attributes: { 'gen_ai.request.model': 'x'.repeat(300) } })];
      const response = await postJson(url, sent(spans), partial.headers);
      expect(response.status).toBe(200);
      const answer = await response.json();
      expect(answer).toMatchObject({
        partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('llmCalls: model') },
      });
      expect((await rowsOf(partial))['llmCalls']).toHaveLength(1);
      expect(await statusOf(partial)).toMatchObject([{ received: 2, rejected: 1 }]);
    });

    it('loses no event because of a field that it does not need', async () => {
      const whole = await otlp.project('whole');
      const long = 'x'.repeat(600);
      const resource = { 'service.name': 'app', [long]: 'tag', team: 'search' };
      const request: GivenSpan = {
        ...{ name: 'GET', id: 2, kind: 2, at: [100, 0] },
        attributes: {
          ...{ 'http.request.method': 'GET', 'http.response.status_code': 200, 'http.route': `/${long}` },
          'user_agent.original': long,
        },
      };
      const attributes = {
        ...{ 'http.response.status_code': 0, 'gen_ai.agent.id': long, 'user.id': 'a\0b' },
        'langfuse.observation.cost_details': '"123"',
      };
      const spans = [call(1, { attributes }), request];
      expect(await whole.send({ traces: traces(resource, 'test', spans) })).toEqual({ traces: {} });
      expect(await rowsOf(whole)).toMatchObject({
        llmCalls: [
          { agentId: 'x'.repeat(200), endUser: 'a\ufffdb', tags: { team: 'search' }, costSource: 'UNKNOWN' },
        ],
        requestLogs: [
          { endpoint: `/${'x'.repeat(499)}`, userAgent: 'x'.repeat(500), statusCode: 200, latencyMs: 0 },
        ],
      });
    });

    it('keeps failed calls of coding agents: a span without its event, an error without a message', async () => {
      const agents = await otlp.project('agents');
      const failed: GivenSpan = {
        ...{ name: 'claude_code.llm_request', id: 1, at: [0, 100], error: 'Overloaded' },
        attributes: {
          ...{ request_id: 'req_9', model: 'claude-sonnet-4-5', 'error.type': 'overloaded_error' },
          ...{ status_code: '529', 'user.email': 'ada@acme.example' },
        },
      };
      await agents.send({
        traces: traces({ 'service.name': 'claude-code' }, 'test', [failed]),
        logs: logs({ 'service.name': 'gemini-cli' }, 'test', [
          {
            at: 200,
            attributes: { 'event.name': 'gemini_cli.api_error', model: 'gemini-2.5-pro', error: '' },
          },
        ]),
      });
      const { llmCalls } = await rowsOf(agents);
      expect(llmCalls).toMatchObject([
        {
          ...{ success: false, statusCode: 529, endUser: 'ada@acme.example' },
          ...{ errorType: 'overloaded_error', errorMessage: 'Overloaded' },
        },
        { success: false, errorType: 'api_error' },
      ]);
    });

    it('accepts an empty request', async () => {
      const { headers } = project;
      const response = await post('', { ...headers, 'content-type': PROTOBUF }, `${otlp.base}/v1/logs`);
      expect(response.status).toBe(200);
      expect((await response.arrayBuffer()).byteLength).toBe(0);
    });

    it('counts one call that two libraries describe only once, even in two requests', async () => {
      const twice = await otlp.project('twice');
      await postJson(url, sent([call(2, { parent: 1 })]), twice.headers);
      await postJson(url, sent([call(1), call(3, { parent: 1 })]), twice.headers);
      const [status] = await statusOf(twice);
      expect(status?.ignored).toEqual([{ reason: 'OUTER_CALL', items: 1, example: 'chat' }]);
      expect((await rowsOf(twice))['llmCalls']).toHaveLength(2);
    });
  });
});

/** An attribute with this many nested lists. */
function nested(levels: number): string {
  const value = Array.from({ length: levels }).reduce<string>(
    (inner) => `{"arrayValue":{"values":[${inner}]}}`,
    '{"stringValue":"in"}',
  );
  return `{"key":"deep","value":${value}}`;
}
