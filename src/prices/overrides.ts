import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InvalidArgument } from '../core/errors.ts';
import { PROJECT_ID, PROJECT_ID_RULE } from '../core/project-id.ts';
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
  z.strictObject({
    project: z.string().regex(PROJECT_ID, `must be the id of a project: ${PROJECT_ID_RULE}`).optional(),
    provider: name,
    model: name,
    input: price,
    output: price,
    cachedInput: price.optional(),
  }),
);

/** Tariffs by `overrideKey`. */
export type Tariffs = ReadonlyMap<string, Tariff>;

/** Prices that override the library's. */
export interface Overrides {
  readonly ofAll: Tariffs;
  /** By the id of the project. They override those of all. */
  readonly ofProjects: ReadonlyMap<string, Tariffs>;
}

/**
 * Reads prices that override the library's: a JSON list of `{ project, provider, model, input,
 * output, cachedInput }`, with prices in USD per million tokens. Without `project`, an entry is for
 * all projects. Names must match in full and ignore case.
 *
 * @throws InvalidArgument that names PRICES_FILE, the file, and what is wrong with it.
 */
export function readOverrides(file: string): Overrides {
  const overrides = overridesSchema.safeParse(readJson(file));
  if (!overrides.success) throw invalid(file, describe(overrides.error));
  const ofAll = new Map<string, Tariff>();
  const ofProjects = new Map<string, Map<string, Tariff>>();
  for (const [index, { project, provider, model, input, output, cachedInput }] of overrides.data.entries()) {
    const key = overrideKey(provider, model);
    const tariffs = project === undefined ? ofAll : (ofProjects.get(project) ?? new Map<string, Tariff>());
    if (project !== undefined) ofProjects.set(project, tariffs);
    if (tariffs.has(key)) {
      throw invalid(file, `[${index}] repeats ${[project, provider, model].filter(Boolean).join(' / ')}`);
    }
    tariffs.set(key, {
      input: flat(input),
      output: flat(output),
      cachedInput: cachedInput === undefined ? null : flat(cachedInput),
      perCall: 0,
      validity: { kind: 'always' },
    });
  }
  return { ofAll, ofProjects };
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

function invalid(file: string, reason: string): InvalidArgument {
  return new InvalidArgument(
    `${file}: ${reason}. Expected a list such as ` +
      '[{ "provider": "acme", "model": "acme-large", "input": 2.5, "output": 10, "cachedInput": 0.25 }], ' +
      'prices in USD per million tokens. With "project": "shop", an entry is for this project only.',
    'PRICES_FILE',
  );
}
