import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { TelltaleError } from '../core/errors.ts';
import { codeOf, messageOf } from '../core/thrown.ts';
import type { Tariff, TokenPrice } from './tariff.ts';

/**
 * Limits the price of the largest call that can be recorded (2^31 tokens of each kind) to an amount
 * that can be stored.
 */
const MAX_USD_PER_MILLION = 2000;

const name = z.string().trim().min(1).max(200);
const price = z.number().min(0).max(MAX_USD_PER_MILLION);
const overridesSchema = z.array(
  z.strictObject({ provider: name, model: name, input: price, output: price, cachedInput: price.optional() }),
);

/**
 * Reads prices that override the library's: a JSON list of `{ provider, model, input, output,
 * cachedInput }`, with prices in USD per million tokens. Names must match in full and ignore case.
 * Returns a tariff per `overrideKey`.
 *
 * @throws TelltaleError that names PRICES_FILE, the file, and what is wrong with it.
 */
export function readOverrides(file: string): ReadonlyMap<string, Tariff> {
  const overrides = overridesSchema.safeParse(readJson(file));
  if (!overrides.success) throw invalid(file, describe(overrides.error));
  const tariffs = new Map<string, Tariff>();
  for (const [index, { provider, model, input, output, cachedInput }] of overrides.data.entries()) {
    const key = overrideKey(provider, model);
    if (tariffs.has(key)) throw invalid(file, `[${index}] repeats ${provider} / ${model}`);
    tariffs.set(key, {
      input: flat(input),
      output: flat(output),
      cachedInput: cachedInput === undefined ? null : flat(cachedInput),
      perCall: 0,
      validity: { kind: 'always' },
    });
  }
  return tariffs;
}

/** A key that is unique for a pair of names. */
export function overrideKey(provider: string, model: string): string {
  return JSON.stringify([provider.trim().toLowerCase(), model.trim().toLowerCase()]);
}

function flat(base: number): TokenPrice {
  return { base, tiers: [] };
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(file, `it cannot be read (${codeOf(error) ?? error})`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(file, `it is not JSON (${messageOf(error)})`);
  }
}

function describe(error: z.ZodError): string {
  const problems = error.issues.map(({ path, message }) => {
    const [index, field] = path;
    const location =
      index === undefined
        ? 'the file'
        : `[${String(index)}]${field === undefined ? '' : `.${String(field)}`}`;
    return `${location}: ${message}`;
  });
  return problems.slice(0, 5).join('; ');
}

function invalid(file: string, reason: string): TelltaleError {
  return new TelltaleError(
    'BAD_USER_INPUT',
    `PRICES_FILE: ${file}: ${reason}. Expected a list such as ` +
      '[{ "provider": "acme", "model": "acme-large", "input": 2.5, "output": 10, "cachedInput": 0.25 }], ' +
      'prices in USD per million tokens.',
  );
}
