import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InvalidArgument } from '../core/errors.ts';
import { PROJECT_ID, PROJECT_ID_RULE } from '../core/project-id.ts';
import { codeOf, messageOf } from '../core/thrown.ts';
import {
  beginOf,
  contextTiers,
  groupTariffs,
  instant,
  MAX_USD_PER_CALL,
  ofParts,
  priceKey,
  type Tariffs,
  toTariff,
} from './price-entry.ts';
import { SERVICE_TIERS, type Tariff } from './tariff.ts';

const name = z.string().trim().min(1).max(200);
const overridesSchema = z.array(
  z
    .strictObject({
      project: z.string().regex(PROJECT_ID, `must be the id of a project: ${PROJECT_ID_RULE}`).optional(),
      provider: name,
      model: name,
      serviceTier: z.enum(SERVICE_TIERS).default('STANDARD'),
      ...ofParts,
      perCall: z.number().min(0).max(MAX_USD_PER_CALL).optional(),
      contextTiers: contextTiers.optional(),
      validFrom: instant.optional(),
      validTo: instant.optional(),
    })
    .refine(({ input, output }) => input !== undefined || output !== undefined, {
      error: 'needs a price',
      path: ['input'],
    })
    .refine(
      ({ validFrom, validTo }) => validFrom === undefined || validTo === undefined || validFrom < validTo,
      { error: 'must be after validFrom', path: ['validTo'] },
    ),
);

/** Prices that override the library's. */
export interface Overrides {
  readonly ofAll: Tariffs;
  /** By project id. They override those for all projects. */
  readonly ofProjects: ReadonlyMap<string, Tariffs>;
}

/**
 * Reads prices that override the library's: a JSON list of
 * `{ project, provider, model, serviceTier, input, output, cachedInput, …, perCall, contextTiers, validFrom, validTo }`,
 * with prices in USD per million tokens. Without `project`, an entry is for all projects. Names
 * must match in full and ignore case.
 *
 * @throws InvalidArgument that names PRICES_FILE, the file, and what is wrong with it.
 */
export function readOverrides(file: string): Overrides {
  const overrides = overridesSchema.safeParse(readJson(file));
  if (!overrides.success) throw invalid(file, describe(overrides.error));
  const entries = new Map<string | undefined, (readonly [string, Tariff])[]>();
  const seen = new Set<string>();
  for (const [index, { project, provider, model, serviceTier, ...entry }] of overrides.data.entries()) {
    const key = priceKey(provider, model, serviceTier);
    const tariff = toTariff(entry);
    const identity = JSON.stringify([project, key, beginOf(tariff)]);
    if (seen.has(identity)) {
      throw invalid(file, `[${index}] repeats ${[project, provider, model].filter(Boolean).join(' / ')}`);
    }
    seen.add(identity);
    entries.set(project, [...(entries.get(project) ?? []), [key, tariff]]);
  }
  const grouped = new Map([...entries].map(([project, own]) => [project, groupTariffs(own)]));
  const ofProjects = new Map<string, Tariffs>();
  for (const [project, tariffs] of grouped) if (project !== undefined) ofProjects.set(project, tariffs);
  return { ofAll: grouped.get(undefined) ?? new Map(), ofProjects };
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
