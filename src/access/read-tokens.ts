import { CLOCK_SKEW_MS, type Clock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { InvalidArgument, TelltaleError } from '../core/errors.ts';
import type { Filter } from '../core/filter.ts';
import { DAY_MS } from '../core/time/units.ts';
import { readFilter } from '../filter/read-filter.ts';
import type { Repetition, Schedule } from '../runtime/schedule.ts';
import { type Caller, createEither } from './caller.ts';
import { createExpiries } from './expiries.ts';
import type { KeyRing } from './key-ring.ts';
import { type Claims, createSignedClaims, isNotSigned } from './signed-claims.ts';
import type { SigningKeys } from './signing-key.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

/** What a read token shall open, and for how long. */
export interface NewReadToken {
  /** Names of datasets. */
  readonly datasets: readonly string[];
  /** As the argument `filter` of lists: every dataset must take it. */
  readonly filter: unknown;
  /** In milliseconds. */
  readonly lifetime: number;
}

/** What a valid token says. */
export interface ReadToken {
  readonly projectId: string;
  /** When its project was created: another project of the same name is not opened. */
  readonly projectSince: number;
  /** The key that made it; null: it was made without a key. */
  readonly keyId: string | null;
  /** The filter of each dataset that it opens, by name. */
  readonly rows: ReadonlyMap<string, Filter>;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Aborts when the token expires, or when all tokens are ended. */
  readonly signal: AbortSignal;
}

/**
 * Short-lived tokens that read, and only the rows that a filter takes. They are not stored: a token
 * carries what it opens, and a signature.
 */
export interface ReadTokens {
  /** @throws InvalidArgument at the argument of `createReadToken` that is not valid */
  create(
    maker: Pick<Caller, 'projectId' | 'keyId'>,
    token: NewReadToken,
  ): Promise<{ readonly text: string; readonly expiresAt: Date; readonly datasets: readonly string[] }>;
  /** Null: it is mistyped, forged, expired or from another server. Takes no statement. */
  verify(text: string): Promise<ReadToken | null>;
  /** Makes all tokens invalid: on this server at once, within seconds on others. */
  endAll(): Promise<void>;
  /** Ends what expired tokens opened, until the repetition is stopped. */
  run(schedule: Schedule): Repetition;
}

export interface ReadTokensOptions {
  readonly ring: Pick<KeyRing, 'findSigningKey' | 'findProject' | 'refresh'>;
  readonly signingKeys: SigningKeys;
  readonly clock: Clock;
  readonly datasets: readonly Dataset[];
}

export const MAX_LIFETIME_MS = DAY_MS;
const MIN_LIFETIME_MS = 1_000;
/** A token must fit into the headers of a request, of which Node takes 16 KiB. */
const MAX_LENGTH = 8_192;
const FORM = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/;

/** Whether the text has the form of a read token (a JSON Web Token), so is not an API key. */
export function isTokenText(text: string): boolean {
  return FORM.test(text);
}

export function createReadTokens(options: ReadTokensOptions): ReadTokens {
  const { ring, signingKeys, clock } = options;
  const datasets = new Map(options.datasets.map((dataset) => [dataset.name, dataset]));
  const expiries = createExpiries(clock, 'The read token has expired.');
  const either = createEither();
  const verified = createVerifiedTokens<ReadToken>();
  const signed = createSignedClaims(options);

  async function read(text: string): Promise<ReadToken | null> {
    const found = await signed.read(text);
    if (found === null) return null;
    const { project: projectId, projectSince, key: keyId, exp } = found.claims;
    const expiresAt = exp * 1000;
    if (lastsTooLong({ expiresAt }, clock.now())) return null;
    const rows = readRows(findDatasets(datasets, found.claims.datasets), found.claims.filter);
    const signal = either(expiries.signalAt(exp), found.signal);
    return { projectId, projectSince, keyId, rows, expiresAt, signal };
  }

  return {
    async create({ projectId, keyId }, { datasets: names, filter, lifetime }) {
      const rows = readRows(findDatasets(datasets, names), filter);
      const opened = [...rows.keys()];
      const exp = expiryOf(lifetime, clock.now());
      const found = await ring.findProject(projectId);
      if (found === null) throw new TelltaleError('NOT_FOUND', `There is no project "${projectId}".`);
      const text = await signed.sign({
        project: projectId,
        projectSince: found.createdAt,
        key: keyId,
        datasets: opened,
        filter: filter as Claims['filter'],
        exp,
      });
      if (text.length > MAX_LENGTH) throw tooLong();
      return { text, expiresAt: new Date(exp * 1000), datasets: opened };
    },
    async verify(text) {
      if (!isTokenText(text) || text.length > MAX_LENGTH) return null;
      const known = verified.find(text, clock.now());
      if (known !== null) return lastsTooLong(known, clock.now()) ? null : known;
      try {
        const token = await read(text);
        if (token !== null) verified.add(text, token);
        return token;
      } catch (error) {
        if (isRefusal(error)) return null;
        throw error;
      }
    },
    async endAll() {
      await signingKeys.replace();
      await ring.refresh();
    },
    run: expiries.run,
  };
}

/** Made by a clock that was ahead: it would open its rows for as long as that clock was wrong. */
const lastsTooLong = ({ expiresAt }: Pick<ReadToken, 'expiresAt'>, now: number): boolean =>
  expiresAt > now + MAX_LIFETIME_MS + CLOCK_SKEW_MS;

/** Not signed by us, expired, or by a version that knew other datasets or columns. */
const isRefusal = (error: unknown): boolean => isNotSigned(error) || error instanceof InvalidArgument;

/** @throws InvalidArgument at the name of one that does not exist, and without any */
function findDatasets(datasets: ReadonlyMap<string, Dataset>, names: readonly string[]): Dataset[] {
  if (names.length === 0) {
    throw new InvalidArgument('Name at least one dataset, such as "llmCalls".', 'input.datasets');
  }
  return [...new Set(names)].map((name) => {
    const dataset = datasets.get(name);
    if (dataset !== undefined) return dataset;
    throw new InvalidArgument(
      `There is no dataset "${name}". There are ${[...datasets.keys()].join(', ')}.`,
      `input.datasets.${names.indexOf(name)}`,
    );
  });
}

/** The filter of each dataset. @throws InvalidArgument if one does not take it, or if it takes all rows */
function readRows(datasets: readonly Dataset[], filter: unknown): Map<string, Filter> {
  return new Map(datasets.map((dataset) => [dataset.name, readRowsOf(dataset, filter)]));
}

function readRowsOf(dataset: Dataset, input: unknown): Filter {
  const filter = withName(dataset, () => readFilter(dataset, input, 'input.filter'));
  if (filter !== null) return filter;
  throw new InvalidArgument(
    'The filter matches every row, so it restricts nothing. Name the rows that the token may read, ' +
      'such as {"endUser": {"eq": "user-7"}}.',
    'input.filter',
  );
}

/** Says which of the datasets does not take the filter. */
function withName<Value>({ name }: Dataset, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidArgument)) throw error;
    throw new InvalidArgument(
      `This filter is not valid for ${name}. ${error.message}`,
      String(error.details['argument']),
    );
  }
}

/** Epoch seconds. */
function expiryOf(lifetime: number, now: number): number {
  if (lifetime >= MIN_LIFETIME_MS && lifetime <= MAX_LIFETIME_MS) return Math.floor((now + lifetime) / 1000);
  throw new InvalidArgument(
    'A read token must work for one second ("PT1S") to one day ("PT24H").',
    'input.expiresIn',
  );
}

function tooLong(): InvalidArgument {
  return new InvalidArgument(
    `The token would be too long. It contains its filter, and has at most ${MAX_LENGTH} ` +
      'characters: use a shorter filter.',
    'input.filter',
  );
}
