import { calcPrice, type Provider, waitForUpdate } from '@pydantic/genai-prices';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPriceBook } from '../../src/prices/price-book.ts';
import { call } from './support/no-tokens.ts';

describe('the library as the reference', () => {
  let providers: readonly Provider[];
  beforeAll(async () => {
    providers = (await waitForUpdate()) ?? [];
  });

  const counts: readonly [number, number, number][] = [
    [1000, 0, 0],
    [12_345, 678, 0],
    [12_345, 678, 12_000],
    [300_000, 4096, 250_000],
    [1_200_000, 1, 0],
  ];
  /** Instants on both sides of conditions by date, and throughout a day for conditions by time. */
  const times = [
    '2024-02-01T00:00:00Z',
    '2025-09-01T16:29:59.999Z',
    '2025-09-01T16:30:00Z',
    '2026-07-30T00:00:00Z',
    '2026-11-20T03:10:00Z',
  ].map((time) => new Date(time));

  it('agrees on every model of every provider', () => {
    const book = createPriceBook();
    let compared = 0;
    for (const { id: providerId, models } of providers) {
      for (const { id: model } of models) {
        for (const timestamp of times) {
          for (const [prompt, completion, cached] of counts) {
            const ours = book.priceCall(
              call(providerId, model, [prompt, completion, cached], timestamp.getTime()),
            );
            const usage = { input_tokens: prompt, output_tokens: completion, cache_read_tokens: cached };
            const theirs = calcPrice(usage, model, { providerId, timestamp });
            const { input_mtok: input, output_mtok: output, ...others } = theirs?.model_price ?? {};
            const isClear = others['output_image_mtok'] === undefined || completion === 0;
            const priced = input !== undefined && (output !== undefined || completion === 0) && isClear;
            if (theirs === null || !priced) {
              if (typeof ours === 'number')
                expect.fail(`${providerId} ${model}: ${ours} for an unknown price`);
              continue;
            }
            const difference = Math.abs(Number(ours) - theirs.total_price * 1e9);
            if (!(difference <= 0.5001))
              expect.fail(`${providerId} ${model} ${timestamp}: ${ours}, not ${theirs.total_price}`);
            compared++;
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(20_000);
  });
});
