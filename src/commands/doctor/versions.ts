import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../storage/package-folder.ts';
import type { Dialect } from '../../storage/store.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

export interface VersionFacts {
  readonly telltale: string;
  /** Without its "v". */
  readonly node: string;
  /** From package.json, such as "^20.19 || >=24". */
  readonly supportedNode: string;
  readonly duckdb: string;
  /** Null: no database was opened. */
  readonly database: { readonly dialect: Dialect; readonly version: string } | null;
}

/** PostgreSQL no longer fixes older versions. */
const OLDEST_POSTGRESQL = 14;

export function probeVersions(database: VersionFacts['database']): VersionFacts {
  const { version, engines, dependencies } = JSON.parse(
    readFileSync(join(packageFolder(), 'package.json'), 'utf8'),
  );
  return {
    telltale: version,
    node: process.versions.node,
    supportedNode: engines.node,
    duckdb: dependencies['@duckdb/node-api'],
    database,
  };
}

export function assessVersions(facts: VersionFacts): readonly Finding[] {
  const { telltale, node, supportedNode, duckdb, database } = facts;
  const name = database?.dialect === 'postgresql' ? 'PostgreSQL' : 'SQLite';
  const shown = [
    `Telltale ${telltale}`,
    `Node ${node}`,
    ...(database === null ? [] : [`${name} ${database.version}`]),
    `DuckDB ${duckdb}`,
  ];
  const findings = [ok('versions', `${shown.join(', ')}.`)];
  if (!supports(supportedNode, node)) {
    findings.push(
      wrong(
        'versions',
        `Node ${node} is not supported.`,
        `Install Node ${supportedNode}, such as the newest LTS.`,
      ),
    );
  }
  if (database?.dialect === 'postgresql' && Number.parseInt(database.version, 10) < OLDEST_POSTGRESQL) {
    findings.push(
      warning(
        'versions',
        `PostgreSQL ${database.version} no longer receives fixes.`,
        `Upgrade PostgreSQL to ${OLDEST_POSTGRESQL} or later.`,
      ),
    );
  }
  return findings;
}

/**
 * Whether a range such as `^20.19 || >=24` includes the version: as much of semantic versioning as
 * package.json needs.
 */
export function supports(range: string, version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return range.split('||').some((part) => {
    const [, sign, from = 0, least = 0] = /^\s*(\^|>=)(\d+)(?:\.(\d+))?/.exec(part) ?? [];
    if (sign === undefined) throw new Error(`engines.node: ${part} is of a form that is not read.`);
    const isLater = sign === '>=' && major > Number(from);
    return isLater || (major === Number(from) && minor >= Number(least));
  });
}
