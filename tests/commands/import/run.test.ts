import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rowId } from '../../../src/commands/import/events.ts';
import { createMapping, type MappingOptions } from '../../../src/commands/import/options.ts';
import { type FileFormat, openRecords } from '../../../src/commands/import/records.ts';
import { type ImportResult, runImport } from '../../../src/commands/import/run.ts';
import { renderRejections, renderSummary } from '../../../src/commands/import/summary.ts';
import type { Target } from '../../../src/commands/import/target.ts';
import { isUuid } from '../../../src/core/ids.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { createMemoryTarget } from './support/memory-target.ts';

const folder = mkdtempSync(join(tmpdir(), 'import-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly format?: FileFormat;
  readonly delimiter?: string;
  readonly target?: Target;
  readonly mapping?: Partial<MappingOptions>;
  readonly onUnused?: (fields: readonly string[]) => void;
}

async function importText(
  text: string,
  { format = 'csv', delimiter = ',', mapping, ...rest }: Run,
): Promise<ImportResult> {
  const path = join(folder, 'rows');
  writeFileSync(path, text);
  const file = openRecords(path, format, delimiter);
  try {
    return await runImport({
      format,
      file,
      size: text.length,
      fileId: createHash('sha256').update(text).digest('hex'),
      mapping: createMapping({ dataset: 'llmCalls', timeZone: 'UTC', ...mapping }, datasets),
      target: createMemoryTarget().target,
      progress: { update: () => undefined, finish: () => undefined },
      ...rest,
    });
  } finally {
    file.close();
  }
}

const TRACE = `TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:17:03.9799600,4808,10
2023-11-16 18:17:04.0319600,3180,8
`;
const TRACE_MAPPING = {
  map: 'timestamp=TIMESTAMP,promptTokens=ContextTokens,completionTokens=GeneratedTokens',
  set: 'provider=azure,model=gpt-4,latencyMs=0',
};

describe('CSV', () => {
  it('maps, sets and converts; a repeated import stores nothing twice', async () => {
    const memory = createMemoryTarget();
    const run = { target: memory.target, mapping: TRACE_MAPPING };
    expect(await importText(TRACE, run)).toMatchObject({ rows: 2, accepted: 2, duplicates: 0, rejected: 0 });
    expect(memory.events()).toEqual([
      {
        provider: 'azure',
        model: 'gpt-4',
        latencyMs: 0,
        timestamp: '2023-11-16T18:17:03.979Z',
        promptTokens: 4808,
        completionTokens: 10,
      },
      {
        provider: 'azure',
        model: 'gpt-4',
        latencyMs: 0,
        timestamp: '2023-11-16T18:17:04.031Z',
        promptTokens: 3180,
        completionTokens: 8,
      },
    ]);
    expect(await importText(TRACE, run)).toMatchObject({ rows: 2, accepted: 0, duplicates: 2 });
    expect([...memory.stored.keys()].every(isUuid)).toBe(true);
  });

  it('takes fields of the same name in any spelling, and lists the fields that are not imported', async () => {
    const memory = createMemoryTarget();
    const unused: string[][] = [];
    await importText('\uFEFFprovider;Model;latency_ms;Prompt Tokens;colour\nopenai;gpt-4o;12.5;100;red\n', {
      target: memory.target,
      delimiter: ';',
      onUnused: (fields) => unused.push([...fields]),
    });
    expect(memory.events()).toEqual([
      { provider: 'openai', model: 'gpt-4o', latencyMs: 12.5, promptTokens: 100 },
    ]);
    expect(unused).toEqual([['colour']]);
  });

  it('turns fields and texts into single tags', async () => {
    const memory = createMemoryTarget();
    const unused: string[][] = [];
    const text = 'provider,model,Team,size,tags\nopenai,gpt-4o,search,3,"{""a"": ""b""}"\nopenai,gpt-4o,,,\n';
    const mapping = { map: 'tags.team=Team,tags.size=size', set: 'tags.repo=shop' };
    await importText(text, {
      target: memory.target,
      mapping,
      onUnused: (fields) => unused.push([...fields]),
    });
    expect(memory.events().map(({ tags }) => tags)).toEqual([
      { a: 'b', repo: 'shop', team: 'search', size: '3' },
      { repo: 'shop' },
    ]);
    expect(unused.flat()).toEqual([]);
    const unknown = importText(text, { mapping: { map: 'tags.team=Squad' } });
    await expect(unknown).rejects.toThrow(/--map tags\.team: the file has no field Squad/);
  });

  it('reads quotes, commas, line breaks and CRLF, and counts lines as an editor does', async () => {
    const memory = createMemoryTarget();
    const text =
      'model,errorMessage,latencyMs\r\nm,"a ""quoted"", text\r\nover two lines",1\r\n\r\nm,b,fast\r\n';
    const result = await importText(text, { target: memory.target, mapping: { set: 'provider=p' } });
    expect(memory.events()[0]).toMatchObject({ errorMessage: 'a "quoted", text\r\nover two lines' });
    expect(memory.stored.has(rowId(createHash('sha256').update(text).digest('hex'), 2))).toBe(true);
    expect(result.firstRejected).toEqual([
      { line: 5, reason: 'latencyMs: "fast" is not a decimal number, such as 31 or -1.5e3' },
    ]);
  });

  it('reads null, NULL and \\N as no value, and quoted ones as text', async () => {
    const memory = createMemoryTarget();
    const text =
      'null,model,latencyMs,endUser,errorType\np,m,1,null,NULL\np,"null",1,\\N,"\\N"\np,Null,1,nullable,\n';
    await importText(text, { target: memory.target, mapping: { map: 'provider=null' } });
    expect(memory.events()).toEqual([
      { provider: 'p', model: 'm', latencyMs: 1 },
      { provider: 'p', model: 'null', latencyMs: 1, errorType: '\\N' },
      { provider: 'p', model: 'Null', latencyMs: 1, endUser: 'nullable' },
    ]);
  });

  it('leaves out empty cells at the end of a line, and names unnamed fields by their position', async () => {
    const memory = createMemoryTarget();
    const unused: string[][] = [];
    const text = ',provider,,model,latencyMs,,\n0,p,x,m,1,,\n1,p,y,m,2\n2,p,z,m,3,,surplus\n3,p,z,m\n';
    const result = await importText(text, {
      target: memory.target,
      mapping: { map: 'endUser=column 3' },
      onUnused: (fields) => unused.push([...fields]),
    });
    expect(memory.events()).toEqual([
      { provider: 'p', model: 'm', latencyMs: 1, endUser: 'x' },
      { provider: 'p', model: 'm', latencyMs: 2, endUser: 'y' },
    ]);
    expect(unused).toEqual([['column 1']]);
    expect(result.firstRejected).toEqual([
      { line: 4, reason: 'The row has 7 fields, the header has 5.' },
      { line: 5, reason: 'The row has 4 fields, the header has 5.' },
    ]);
  });

  it('counts rows that cannot be read or that the target rejects, and continues', async () => {
    const text = 'provider,model,latencyMs\np,m,1\np,m\np,m,1"\np,refused,1\np,m,1\n';
    const result = await importText(text, {});
    expect(result).toMatchObject({ rows: 5, accepted: 2, rejected: 3 });
    expect(result.firstRejected.map(({ line }) => line)).toEqual([3, 4, 5]);
    expect(result.firstRejected[0]?.reason).toBe('The row has 2 fields, the header has 3.');
    expect(result.firstRejected[1]?.reason).toBe(
      'latencyMs: "1\\"" is not a decimal number, such as 31 or -1.5e3',
    );
    expect(result.firstRejected[2]?.reason).toBe('model: is refused');
  });

  it('sends batches of a thousand and shows the first ten rejections', async () => {
    const memory = createMemoryTarget();
    const rows = Array.from({ length: 2500 }, (_, index) => `p,m,${index % 100 === 0 ? 'x' : index}`);
    const result = await importText(`provider,model,latencyMs\n${rows.join('\n')}\n`, {
      target: memory.target,
    });
    expect(memory.batches).toEqual([990, 990, 495]);
    expect(result).toMatchObject({ rows: 2500, accepted: 2475, rejected: 25 });
    expect(result.firstRejected.map(({ line }) => line)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => n * 100 + 2),
    );
    expect(renderRejections(result).at(-1)).toBe('  … and 15 more');
    expect(renderSummary(result, 0.5)).toBe(
      '2,500 rows: 2,475 accepted, 0 duplicates, 25 rejected, 5,000 rows/s',
    );
  });

  it.each([
    ['a,b\n1,2\n', {}, /llmCalls needs provider, model.*--set provider=….*The file has: a, b\./],
    [
      TRACE,
      { map: TRACE_MAPPING.map, set: 'model=gpt-4' },
      /llmCalls needs provider, and the file has no such field/,
    ],
    [
      TRACE,
      { ...TRACE_MAPPING, map: 'promptTokens=Tokens' },
      /--map promptTokens: the file has no field Tokens. It has: TIMESTAMP/,
    ],
    [
      TRACE,
      { ...TRACE_MAPPING, set: 'provider=a,model=b,latencyMs=c' },
      /--set latencyMs: "c" is not a decimal number, such as 31 or -1.5e3/,
    ],
    ['a,a\n1,2\n', {}, /the column "a" twice/],
    [
      'provider,model,latencyMs\np,m,1\np,"m,1\np,m,1\n',
      {},
      /The file is not valid CSV: Quote Not Closed.* line/,
    ],
    ['', {}, /no rows/],
    ['provider,model,latencyMs\n', {}, /no rows/],
  ])('%#: gives a message that says what to do', async (text, mapping, message) => {
    await expect(importText(text, { mapping })).rejects.toThrow(message);
  });

  it('stops when the target fails', async () => {
    const target: Target = {
      description: 'broken',
      send: () => Promise.reject(new Error('disk full')),
      close: async () => undefined,
    };
    await expect(importText(TRACE, { target, mapping: TRACE_MAPPING })).rejects.toThrow('disk full');
  });
});

describe('JSON Lines', () => {
  it('reads nested fields and fields that first appear late, and names bad lines', async () => {
    const memory = createMemoryTarget();
    const early = Array.from(
      { length: 1000 },
      () => '{"provider":"p","model":"m","latency_ms":3,"usage":{"in":5}}',
    );
    const late = [
      '{"provider":"p","model":"m","latency_ms":4,"error_type":"timeout"}',
      '',
      '{"provider":',
      '[1]',
    ];
    const result = await importText([...early, ...late].join('\n'), {
      format: 'jsonl',
      target: memory.target,
      mapping: { map: 'promptTokens=usage.in,endUser=user' },
    });
    expect(result).toMatchObject({ rows: 1003, accepted: 1001, rejected: 2 });
    expect(result.firstRejected.map(({ line }) => line)).toEqual([1003, 1004]);
    expect(memory.events()[0]).toEqual({ provider: 'p', model: 'm', latencyMs: 3, promptTokens: 5 });
    expect(memory.events().at(-1)).toEqual({ provider: 'p', model: 'm', latencyMs: 4, errorType: 'timeout' });
  });

  it('ends a line only at LF and CRLF', async () => {
    const memory = createMemoryTarget();
    const row = (model: string) => `{"provider":"p","model":"${model}","latencyMs":1}`;
    const models = ['a\u2028b', 'c\u2029d', 'e\u0085f', 'ende'];
    const text = `\uFEFF${row(models[0] as string)}\n${row(models[1] as string)}\r\n\r\n${row(models[2] as string)}\n${row('ende')}`;
    const result = await importText(text, { format: 'jsonl', target: memory.target });
    expect(result).toMatchObject({ rows: 4, accepted: 4 });
    expect(memory.events().map(({ model }) => model)).toEqual(models);
    expect([...memory.stored.keys()].map((id) => Number.parseInt(id.slice(-12), 16))).toEqual([1, 2, 4, 5]);
  });

  it('keeps ids that the rows contain', async () => {
    const memory = createMemoryTarget();
    const id = '01981234-5678-77ff-bfff-ffffffffffff';
    await importText(`{"id":"${id}","provider":"p","model":"m","latencyMs":1}`, {
      format: 'jsonl',
      target: memory.target,
    });
    expect([...memory.stored.keys()]).toEqual([id]);
  });

  it('reports the lines that are broken when all are', async () => {
    await expect(importText('provider,model\np,m\n', { format: 'jsonl' })).rejects.toThrow(
      /No row can be read. Line 1: .*not valid JSON/,
    );
  });
});
