import type { Dialect } from 'kysely';
export declare function createKyselyDialect(run: unknown): Dialect;
