import { dirname, resolve } from 'node:path';
import { type Config, loadConfig } from '../../config/config.ts';
import { systemClock } from '../../core/clock.ts';
import { defined } from '../../core/defined.ts';
import { openBackups } from '../../storage/backups/open-backups.ts';
import { fileOfUrl } from '../../storage/dialect/sqlite/location.ts';
import type { Dialect } from '../../storage/store.ts';
import { failureMessage } from '../failures.ts';
import { checkAddresses } from './addresses.ts';
import { type ArrivalFacts, assessArrivals, newestReceivedAt, probeArrivals } from './arrivals.ts';
import { assessBackups } from './backups.ts';
import { assessClock } from './clock.ts';
import { assessCluster } from './cluster.ts';
import { assessColumns, columnsFileOf, probeColumns } from './columns.ts';
import { assessConfiguration } from './configuration.ts';
import { assessDatabase, probeDatabase } from './database.ts';
import { assessDisks, type DataFolder, probeDisks } from './disk.ts';
import { CHECKS, type CheckName, type Finding, wrong } from './finding.ts';
import { assessKeys, probeKeys } from './keys.ts';
import { isReadable, type Patient } from './patient.ts';
import { type AccessTo, assessPermissions, probePermissions } from './permissions.ts';
import { assessPort, isServed, originOf, probePort } from './port.ts';
import { assessLoad, probeLoad } from './queue.ts';
import { assessVersions, probeVersions } from './versions.ts';

export interface ExamineOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly mustServe: boolean;
}

/** Examines everything, with or without a running server. Changes nothing. */
export async function examine({ environment, now, mustServe }: ExamineOptions): Promise<readonly Finding[]> {
  const configuration = assessConfiguration(environment);
  if (configuration.some(({ verdict }) => verdict === 'wrong')) {
    return [...configuration, ...assessVersions(probeVersions(null))];
  }
  const config = loadConfig(environment);
  const [port, { state, inspection }] = await Promise.all([
    probePort(config),
    probeDatabase(config.directUrl),
  ]);
  try {
    const patient: Patient = {
      ...{ config, environment, now: now(), port, database: state, inspection, mustServe },
      backups: await openBackups(config, systemClock, () => {}),
    };
    const findings = [...configuration];
    for (const check of checksOf(patient)) findings.push(...(await settle(check)));
    return findings.sort((one, other) => CHECKS.indexOf(one.check) - CHECKS.indexOf(other.check));
  } finally {
    await inspection?.close();
  }
}

interface Check {
  readonly name: CheckName;
  run(): readonly Finding[] | Promise<readonly Finding[]>;
}

function checksOf(patient: Patient): Check[] {
  const { config, database, inspection, port, mustServe } = patient;
  const version =
    'facts' in database ? { dialect: dialectOf(config), version: database.facts.version } : null;
  const served = isServed(port);
  return [
    { name: 'versions', run: () => assessVersions(probeVersions(version)) },
    { name: 'port', run: () => assessPort(port, { ...config, mustServe }) },
    { name: 'database', run: () => assessDatabase(database, { url: config.directUrl, isServed: served }) },
    { name: 'database', run: () => checkAddresses(config) },
    ...(inspection === null
      ? []
      : [{ name: 'database' as const, run: async () => assessCluster(await inspection.cluster()) }]),
    { name: 'permissions', run: () => assessPermissions(probePermissions(accessesOf(patient))) },
    { name: 'disk', run: () => assessDisks(probeDisks(foldersOf(patient))) },
    { name: 'queue', run: async () => assessLoad(served ? await loadOf(patient) : null) },
    ...(isReadable(patient) ? [{ name: 'keys' as const, run: () => checkKeys(patient) }] : []),
    { name: 'arrivals', run: () => checkEvents(patient) },
  ];
}

const dialectOf = ({ databaseUrl }: Config): Dialect =>
  databaseUrl.startsWith('file:') ? 'sqlite' : 'postgresql';

/** A check that fails is itself a finding; the others still report theirs. */
async function settle({ name, run }: Check): Promise<readonly Finding[]> {
  try {
    return await run();
  } catch (error) {
    const message = failureMessage(error) ?? String(error);
    return [
      wrong(name, `This could not be checked: ${message}`, 'Fix that first, then run the doctor again.'),
    ];
  }
}

async function checkKeys({
  config,
  inspection,
  now,
}: Patient & { readonly inspection: Parameters<typeof probeKeys>[0] }): Promise<readonly Finding[]> {
  const { host, authDisabled } = config;
  return assessKeys({ now, host, authDisabled, keys: await probeKeys(inspection) });
}

/** The checks that need the stored events: recent arrivals, and whatever is compared with them. */
async function checkEvents(patient: Patient): Promise<readonly Finding[]> {
  const { config, database, now, port } = patient;
  const arrivals: ArrivalFacts | null = isReadable(patient)
    ? await probeArrivals(patient.inspection, now)
    : null;
  const newest = arrivals === null ? null : newestReceivedAt(arrivals);
  const serverNow = 'facts' in database ? database.facts.now : null;
  const file = columnsFileOf(config);
  return [
    ...assessClock({ now, newestReceivedAt: newest, serverNow }),
    ...assessBackups({
      now,
      backups: await patient.backups.list(),
      dialect: dialectOf(config),
      hasEvents: (arrivals?.newest ?? null) !== null,
    }),
    ...assessColumns({
      ...{ file, fromEvents: config.columns.fromEvents, found: probeColumns(file) },
      ...{ newestReceivedAt: newest, isServed: isServed(port) },
    }),
    ...(arrivals === null ? [] : assessArrivals(arrivals)),
  ];
}

function loadOf({ config, environment }: Patient) {
  const { TELLTALE_API_KEY: key, TELLTALE_PROJECT: project } = environment;
  return probeLoad(originOf(config), {
    ...(key && { authorization: `Bearer ${key}` }),
    ...(project && { 'telltale-project': project }),
  });
}

/** The folders in which the files of a server grow. */
function foldersOf({ config, database, backups }: Patient): DataFolder[] {
  const bytes = 'facts' in database ? database.facts.bytes : 0;
  const columns = {
    what: 'the columnar copy',
    folder: dirname(resolve(columnsFileOf(config))),
    neededBytes: 0,
  };
  const isCopied = config.columns.fromEvents !== null;
  const others = [
    { what: 'backups', folder: defined(backups.folders[0]), neededBytes: bytes },
    ...(isCopied ? [columns] : []),
  ];
  if (dialectOf(config) !== 'sqlite') return others;
  return [
    { what: 'the database', folder: dirname(resolve(fileOfUrl(config.databaseUrl))), neededBytes: 0 },
    ...others,
  ];
}

function accessesOf({ config, backups }: Patient): AccessTo[] {
  const write = (what: string, path: string, isSecret: boolean): AccessTo => ({
    ...{ what, path, needs: 'write', isSecret },
  });
  const read = (what: string, path: string | null): AccessTo[] =>
    path === null ? [] : [{ what, path, needs: 'read', isSecret: false }];
  const files: AccessTo[] = [];
  if (config.databaseUrl.startsWith('file:')) {
    const file = resolve(fileOfUrl(config.databaseUrl));
    files.push(write('the database', file, true), write('its folder', dirname(file), false));
  }
  files.push(write('backups', defined(backups.folders[0]), false));
  if (config.columns.fromEvents !== null) {
    files.push(write('the columnar copy', resolve(columnsFileOf(config)), true));
  }
  return [
    ...files,
    ...read('PRICES_FILE', config.pricesFile),
    ...read('TRUSTED_DOCUMENTS', config.trustedDocuments.file),
  ];
}
