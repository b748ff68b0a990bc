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

/** What a new read token permits, and for how long. */
export interface NewReadToken {
  /** Names of datasets. */
  readonly datasets: readonly string[];
  /** Like the argument `filter` of lists: every dataset must accept it. */
  readonly filter: unknown;
  /** In milliseconds. */
  readonly lifetime: number;
}

/** The content of a valid token. */
export interface ReadToken {
  readonly projectId: string;
  /**
   * When its project was created, so that it does not apply to another project of the same name.
   */
  readonly projectSince: number;
  /** The key that created it; null if it was created without a key. */
  readonly keyId: string | null;
  /** The filter of each dataset that it permits, by dataset name. */
  readonly rows: ReadonlyMap<string, Filter>;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Aborts when the token expires, or when all tokens are ended. */
  readonly signal: AbortSignal;
}

/**
 * Short-lived tokens that can only read, and only rows that match a filter. They are not stored: a
 * token contains what it permits, and a signature.
 */
export interface ReadTokens {
  /** @throws InvalidArgument at the invalid argument of `createReadToken` */
  create(
    maker: Pick<Caller, 'projectId' | 'keyId'>,
    token: NewReadToken,
  ): Promise<{ readonly text: string; readonly expiresAt: Date; readonly datasets: readonly string[] }>;
  /** Null if it is mistyped, forged, expired or from another server. Executes no statement. */
  verify(text: string): Promise<ReadToken | null>;
  /** Makes all tokens invalid: on this server at once, on others within seconds. */
  endAll(): Promise<void>;
  /** Ends access by expired tokens, until the repetition is stopped. */
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
/** A token must fit into the headers of a request, which Node limits to 16 KiB. */
const MAX_LENGTH = 8_192;
const FORM = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/;

/** Whether the text has the form of a read token (a JSON Web Token), and so is not an API key. */
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

/** Created by a clock that was ahead: it would permit access until that time and longer. */
const lastsTooLong = ({ expiresAt }: Pick<ReadToken, 'expiresAt'>, now: number): boolean =>
  expiresAt > now + MAX_LIFETIME_MS + CLOCK_SKEW_MS;

/** Not signed by us, expired, or created by a version with other datasets or columns. */
const isRefusal = (error: unknown): boolean => isNotSigned(error) || error instanceof InvalidArgument;

/** @throws InvalidArgument at a name that does not exist, and if there are none */
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

/**
 * The filter of each dataset. @throws InvalidArgument if one does not accept it, or if it matches
 * all rows
 */
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

/** Adds to errors which of the datasets does not accept the filter. */
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
