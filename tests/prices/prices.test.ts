import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createMemo } from '../../src/prices/memo.ts';
import { createPriceBook } from '../../src/prices/price-book.ts';
import { call, NOON } from './support/no-tokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'prices-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(content: string): string {
  const file = join(folder, 'prices.json');
  writeFileSync(file, content);
  return file;
}

describe('hand-computed prices', () => {
  const book = createPriceBook();

  it.each([
    // 1000 × 2.5 + 100 × 10 USD per million
    ['openai', 'gpt-4o', [1000, 100], 3_500_000],
    // 800 at 2.5, 200 cached at 1.25, 100 at 10
    ['openai', 'gpt-4o', [1000, 100, 200], 3_250_000],
    // Aliases, case and spaces in the form of the library
    ['OpenAI ', 'GPT-4o-2024-11-20', [1000, 100], 3_500_000],
    ['azure', 'gpt-4', [4808, 10], 144_840_000],
    // Tiers: up to 200,000 prompt tokens 3 / 0.3 / 15, above that 6 / 0.6 / 22.5 for all of them
    ['anthropic', 'claude-sonnet-4-5', [200_000, 1000, 100_000], 345_000_000],
    ['anthropic', 'claude-sonnet-4-5', [200_001, 1000, 100_001], 682_500_600],
    // An embedding has a price only for the prompt
    ['openai', 'text-embedding-3-small', [1000, 0], 20_000],
    // so a total alone counts as prompt
    ['openai', 'text-embedding-3-small', [0, 0, 0, 1000], 20_000],
  ] as const)('%s %s %j: %i nano-USD', (provider, model, counts, expected) => {
    expect(book.priceCall(call(provider, model, [...counts]))).toBe(expected);
  });

  it.each([
    ['an unknown provider', call('acme', 'acme-large', [1000, 100]), 'NO_PRICE'],
    ['an unknown model', call('openai', 'gpt-of-next-year', [1000, 100]), 'NO_PRICE'],
    ['no tokens', call('openai', 'gpt-4o', [0, 0]), 'NO_TOKENS'],
    [
      'a total beyond its parts if answers have a price',
      call('openai', 'gpt-4o', [10, 0, 0, 1_000_000]),
      'NO_TOKENS',
    ],
    [
      'only a total if answers have a price of their own',
      call('openai', 'gpt-4o', [0, 0, 0, 1_000_000]),
      'NO_TOKENS',
    ],
    ['an unknown model without tokens', call('acme', 'acme-large', [0, 0]), 'NO_PRICE'],
    ['a part without a price', call('openai', 'text-embedding-3-small', [1000, 1]), 'NO_PART_PRICE'],
    ['a model without any token price', call('openai', 'whisper-1', [1000, 100]), 'NO_PART_PRICE'],
    ['more cached than prompt tokens', call('openai', 'gpt-4o', [100, 10, 101]), 'UNCLEAR_TOKENS'],
    ['images in the answer', call('google', 'gemini-2.5-flash-image', [100, 1290]), 'UNCLEAR_TOKENS'],
    [
      'audio that may come from the cache',
      { ...call('google', 'gemini-2.5-flash', [1000, 10, 400]), audioPromptTokens: 700 },
      'UNCLEAR_TOKENS',
    ],
    [
      'a tier without prices',
      { ...call('openai', 'gpt-4o', [1000, 100]), serviceTier: 'PRIORITY' as const },
      'NO_TIER_PRICE',
    ],
    [
      'a part that the tier does not price',
      { ...call('google', 'gemini-2.5-flash', [1000, 10, 400]), serviceTier: 'BATCH' as const },
      'NO_PART_PRICE',
    ],
  ])('%s: no price, twice', (_, unknown, problem) => {
    expect(book.priceCall(unknown)).toBe(problem);
    expect(book.priceCall(unknown)).toBe(problem);
  });

  it.each([
    // Cache writes: 5,000 prompt tokens of which 3,000 are read at 0.3 and 1,500 written at 3.75,
    // 500 at 3; 200 at 15: 0.0009 + 0.005625 + 0.0015 + 0.003
    [
      'anthropic',
      'claude-sonnet-4-5',
      { cachedPromptTokens: 3000, cacheWritePromptTokens: 1500 },
      11_025_000,
    ],
    // The same in a batch: half of everything
    [
      'anthropic',
      'claude-sonnet-4-5',
      { cachedPromptTokens: 3000, cacheWritePromptTokens: 1500, serviceTier: 'BATCH' as const },
      5_512_500,
    ],
    // No price for writes: 2,000 read at 1.25, the rest at 2.5; 200 at 10
    ['openai', 'gpt-4o', { cachedPromptTokens: 2000, cacheWritePromptTokens: 1500 }, 12_000_000],
    // 4,000 of text at 2.5 and 1,000 of audio at 32; answers with 150 of audio at 64 and 50 of text
    // at 10
    ['openai', 'gpt-audio', { audioPromptTokens: 1000, audioCompletionTokens: 150 }, 52_100_000],
    // 3,000 at 4, 1,500 of audio at 32 and 500 of images at 5; 200 at 16
    ['openai', 'gpt-realtime', { audioPromptTokens: 1500, imagePromptTokens: 500 }, 65_700_000],
    // Reasoning has its own price: 5,000 at 2; 120 of 200 at 3, the rest at 8
    ['openrouter', 'perplexity/sonar-deep-research', { reasoningTokens: 120 }, 11_000_000],
    // and without one: 5,000 at 2.5, 200 at 10
    ['openai', 'gpt-4o', { reasoningTokens: 120 }, 14_500_000],
    // A price per call: 5,000 and 200 at 1, and 12 per thousand calls
    ['perplexity', 'sonar', {}, 17_200_000],
    ['openai', 'gpt-4o', { serviceTier: 'FLEX' as const }, 7_250_000],
    ['google', 'gemini-2.5-flash', { serviceTier: 'BATCH' as const }, 1_000_000],
  ])('%s %s %j: %i nano-USD', (provider, model, parts, expected) => {
    expect(book.priceCall({ ...call(provider, model, [5000, 200]), ...parts })).toBe(expected);
  });

  it('are exact beyond the precision of a double', () => {
    const overridesFile = fileWith(
      JSON.stringify([{ provider: 'acme', model: 'a', input: 1999.999999999, output: 0.000000001 }]),
    );
    const most = 2 ** 31 - 1;
    const dear = createPriceBook({ overridesFile }).priceCall(call('acme', 'a', [most, most]));
    const exact = (BigInt(most) * 1_999_999_999_999n + BigInt(most) + 500_000n) / 1_000_000n;
    expect(BigInt(dear)).toBe(exact);
  });

  it('use the price at the time of the call', () => {
    const priceAt = (day: string) =>
      book.priceCall(call('anthropic', 'claude-opus-4-6', [300_000, 1000], Date.parse(day)));
    expect(priceAt('2026-03-12T23:59:59.999Z')).toBe(3_037_500_000);
    expect(priceAt('2026-03-13T00:00:00Z')).toBe(1_525_000_000);
  });
});

describe('overrides', () => {
  function withFile(content: string) {
    const overridesFile = fileWith(content);
    return () => createPriceBook({ overridesFile });
  }

  it('take precedence over the library, but only for the named model', () => {
    const book = withFile(
      JSON.stringify([
        { provider: 'Acme', model: 'acme-large', input: 2, output: 8, cachedInput: 0.5 },
        { provider: 'openai', model: 'gpt-4o', input: 0, output: 0 },
      ]),
    )();
    expect(book.priceCall(call('acme', 'ACME-large', [1000, 100, 400]))).toBe(2_200_000);
    expect(book.priceCall(call('acme', 'acme-small', [1000, 100]))).toBe('NO_PRICE');
    expect(book.priceCall(call('openai', 'gpt-4o', [1000, 100]))).toBe(0);
    expect(book.priceCall(call('openai', 'gpt-4o-mini', [1000, 100]))).toBe(210_000);
  });

  it('of a project take precedence over those of all projects, but only in this project', () => {
    const book = withFile(
      JSON.stringify([
        { project: 'shop', provider: 'acme', model: 'a', input: 1, output: 1 },
        { provider: 'acme', model: 'a', input: 2, output: 2 },
        { provider: 'acme', model: 'b', input: 3, output: 3 },
        { project: 'blog', provider: 'openai', model: 'gpt-4o', input: 0, output: 0 },
      ]),
    )();
    const price = (projectId: string, provider: string, model: string) =>
      book.priceCall({ ...call(provider, model, [1000, 0]), projectId });
    const prices = ['shop', 'blog', 'default'].map((project) => [
      price(project, 'acme', 'a'),
      price(project, 'ACME', 'b'),
      price(project, 'openai', 'gpt-4o'),
    ]);
    expect(prices).toEqual([
      [1_000_000, 3_000_000, 2_500_000],
      [2_000_000, 3_000_000, 0],
      [2_000_000, 3_000_000, 2_500_000],
    ]);
  });

  it('have parts, context tiers, service tiers and periods', () => {
    const acme = { provider: 'acme', model: 'a' };
    const book = withFile(
      JSON.stringify([
        { ...acme, input: 1, output: 2, validTo: '2026-07-01' },
        {
          ...{ ...acme, input: 10, output: 20, cacheWrite: 12, perCall: 0.01, validFrom: '2026-07-01' },
          contextTiers: [
            { above: 2000, output: 80 },
            { above: 1000, input: 40 },
          ],
        },
        { ...acme, serviceTier: 'PRIORITY', input: 100, output: 200 },
      ]),
    )();
    const price = (day: string, prompt: number, parts: object = {}) =>
      book.priceCall({ ...call('acme', 'a', [prompt, 100], Date.parse(day)), ...parts });
    expect(price('2026-06-30T23:59:59.999Z', 1000)).toBe(1_200_000);
    // 0.01 + 1000 × 10 + 100 × 20
    expect(price('2026-07-01T00:00:00Z', 1000)).toBe(22_000_000);
    // 0.01 + 901 × 40 + 100 × 12 + 100 × 20
    expect(price('2026-07-01T00:00:00Z', 1001, { cacheWritePromptTokens: 100 })).toBe(49_240_000);
    // 0.01 + 2001 × 40 + 100 × 80
    expect(price('2026-07-01T00:00:00Z', 2001)).toBe(98_040_000);
    expect(price('2026-07-01T00:00:00Z', 1000, { serviceTier: 'PRIORITY' })).toBe(120_000_000);
    expect(price('2026-07-01T00:00:00Z', 1000, { serviceTier: 'BATCH' })).toBe('NO_TIER_PRICE');
    expect(
      book
        .pricesAt({ projectId: 'default', provider: 'ACME', model: 'A', timestamp: NOON })
        .map(({ source, serviceTier, tariff }) => [source, serviceTier, tariff.rates.input]),
    ).toEqual([
      ['FILE', 'STANDARD', 1e9],
      ['FILE', 'PRIORITY', 100e9],
    ]);
  });

  it('charge cached tokens like the others if they have no price for them', () => {
    const book = withFile('[{"provider":"acme","model":"a","input":2,"output":8}]')();
    expect(book.priceCall(call('acme', 'a', [1000, 100, 400]))).toBe(2_800_000);
  });

  it.each([
    ['text that is not JSON', '[{', /prices\.json: it is not JSON/],
    ['a value that is not a list', '{}', /the file: .*expected array/],
    [
      'a price that is a text',
      '[{"provider":"a","model":"b","input":"2","output":1}]',
      /\[0\]\.input: .*expected number/,
    ],
    ['a negative price', '[{"provider":"a","model":"b","input":-2,"output":1}]', /\[0\]\.input/],
    ['no model', '[{"provider":"a","input":2,"output":1}]', /\[0\]\.model/],
    ['an unknown field', '[{"provider":"a","model":"b","input":2,"output":1,"cached":1}]', /\[0\]: .*cached/],
    [
      'a model twice',
      '[{"provider":"a","model":"b","input":2,"output":1},{"provider":"A","model":"B","input":2,"output":1}]',
      /\[1\] repeats/,
    ],
    [
      'a model of a project twice',
      '[{"provider":"a","model":"b","input":2,"output":1},{"project":"shop","provider":"a","model":"b","input":2,"output":1},{"project":"shop","provider":"A","model":"B","input":2,"output":1}]',
      /\[2\] repeats shop \/ A \/ B/,
    ],
    ['no price at all', '[{"provider":"a","model":"b","cachedInput":2}]', /\[0\]\.input: needs a price/],
    [
      'a period that ends before it begins',
      '[{"provider":"a","model":"b","input":2,"validFrom":"2026-02-01","validTo":"2026-01-01"}]',
      /\[0\]\.validTo: must be after validFrom/,
    ],
    [
      'a tier twice',
      '[{"provider":"a","model":"b","input":2,"contextTiers":[{"above":1,"input":1},{"above":1,"input":2}]}]',
      /\[0\]\.contextTiers: repeats a number of tokens/,
    ],
    [
      'an invalid project id',
      '[{"project":"My Shop","provider":"a","model":"b","input":2,"output":1}]',
      /\[0\]\.project: must be the id of a project: 1 to 63 lower-case letters/,
    ],
  ])('%s: an error that names the variable, the file and the place', (_, content, message) => {
    const create = withFile(content);
    expect(create).toThrow(message);
    expect(create).toThrow(expect.objectContaining({ details: { argument: 'PRICES_FILE' } }));
    expect(create).toThrow(/USD per million tokens/);
  });

  it('report a file that does not exist', () => {
    expect(() => createPriceBook({ overridesFile: join(folder, 'none.json') })).toThrow(/none\.json.*ENOENT/);
  });
});

describe('createMemo', () => {
  it('computes once, also for undefined, and forgets values that were not requested during two generations', () => {
    const computed: string[] = [];
    const memo = createMemo((key) => {
      computed.push(key);
      return key === 'none' ? undefined : key.length;
    }, 2);
    for (const key of ['none', 'none', 'a', 'a', 'b', 'none', 'c', 'd', 'none', 'a']) memo.get(key);
    expect(computed).toEqual(['none', 'a', 'b', 'c', 'd', 'a']);
  });
});
