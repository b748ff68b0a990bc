/**
 * How far fault tests go: briefly with all other tests, and at length by `npm run test:faults`,
 * which sets FAULTS=long. FAULTS_SEED repeats the moments and the events of a run.
 */
export const isLong = process.env['FAULTS'] === 'long';

export const SEED = Number(process.env['FAULTS_SEED'] || (isLong ? Date.now() % 1_000_000 : 1));

/** So many rounds briefly, so many at length. */
export const rounds = (short: number, long: number): number => (isLong ? long : short);

/** How long one of these tests may take. */
export const TIMEOUT_MS = isLong ? 600_000 : 120_000;
