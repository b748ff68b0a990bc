import type { Clock } from '../core/clock.ts';
import { InvalidArgument, TelltaleError } from '../core/errors.ts';
import { type IpAddresses, toIpAddresses } from '../core/ip-addresses.ts';
import { PROJECT_ID, PROJECT_ID_RULE } from '../core/project-id.ts';
import type { Store } from '../storage/store.ts';
import type { KeyRing } from './key-ring.ts';
import { type KeyedPart, readingPart } from './keyed-part.ts';
import { checkName } from './names.ts';

/** The project that exists from the start. Requests belong to it if they name no other. */
export const DEFAULT_PROJECT = 'default';

/** The settings of a project that can be changed. Undefined: the default, or no change. */
export interface ProjectSettings {
  readonly name?: string | null | undefined;
  /** How much of the IP addresses in its events is stored from now on. */
  readonly ipAddresses?: IpAddresses | null | undefined;
}

/** Whether a project can have this id. No other text needs a query, and PostgreSQL rejects some. */
export const isProjectId = (text: string): boolean => PROJECT_ID.test(text);

/** A tenant. */
export interface Project {
  readonly projectId: string;
  readonly name: string;
  readonly ipAddresses: IpAddresses;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** When its deletion began; null if it is not being deleted. */
  readonly deletingAt: Date | null;
}

export interface Projects {
  /**
   * @throws InvalidArgument for an invalid id, CONFLICT if the project exists, or if the maximum
   *   number of projects is reached
   */
  create(project: ProjectSettings & { readonly projectId: string }): Promise<Project>;
  /**
   * @throws NOT_FOUND if the project does not exist or is being deleted; InvalidArgument for null
   */
  update(projectId: string, settings: ProjectSettings): Promise<Project>;
  /**
   * Ends all access to the project. `ProjectRemoval` removes its data.
   *
   * @throws InvalidArgument for the default project, NOT_FOUND for an unknown one
   */
  delete(projectId: string): Promise<Project>;
  /** @throws TelltaleError NOT_FOUND */
  get(projectId: string): Promise<Project>;
  /** By id, including those that are being deleted. */
  list(): Promise<Project[]>;
  /** A part of the same list; with `only`, of that project alone. */
  part(part: KeyedPart, only?: string): Promise<Project[]>;
  count(): Promise<number>;
  /** Whether the project exists and is not being deleted. */
  has(projectId: string): Promise<boolean>;
}

export interface ProjectsOptions {
  readonly store: Pick<Store, 'prisma' | 'transact'>;
  readonly ring: Pick<KeyRing, 'refresh'>;
  readonly clock: Clock;
  /** Default: 1,000. */
  readonly maxProjects?: number;
}

export function createProjects(options: ProjectsOptions): Projects {
  const { store, ring, clock, maxProjects = 1_000 } = options;
  const { prisma, transact } = store;
  return {
    async create({ projectId, name, ipAddresses }) {
      if (!isProjectId(projectId)) {
        throw new InvalidArgument(
          `"${projectId}" is not a valid project id. Use ${PROJECT_ID_RULE}.`,
          'input.projectId',
        );
      }
      checkName(name, 'input.name');
      const now = new Date(clock.now());
      const data = {
        ...{ projectId, name: name ?? projectId, ipAddresses: ipAddresses ?? 'FULL' },
        ...{ createdAt: now, updatedAt: now },
      };
      // One after the other, so that concurrent requests do not exceed the limit.
      const project = await transact('projects', async (transaction) => {
        const present = await transaction.project.findUnique({ where: { projectId } });
        if (present !== null) throw taken(present);
        if ((await transaction.project.count()) >= maxProjects) throw tooMany(maxProjects);
        return transaction.project.create({ data });
      });
      await ring.refresh();
      return shown(project);
    },
    async update(projectId, settings) {
      if (!isProjectId(projectId)) throw missing(projectId);
      const changes = checkSettings(settings);
      const project = await transact(`project:${projectId}`, async (transaction) => {
        const present = await transaction.project.findUnique({ where: { projectId } });
        if (present === null || present.deletingAt !== null) throw missing(projectId);
        const data = { ...changes, updatedAt: new Date(clock.now()) };
        return transaction.project.update({ where: { projectId }, data });
      });
      await ring.refresh();
      return shown(project);
    },
    async delete(projectId) {
      if (projectId === DEFAULT_PROJECT) {
        throw new InvalidArgument(
          'The project "default" cannot be deleted: requests that name no project belong to it.',
          'input.projectId',
        );
      }
      if (!isProjectId(projectId)) throw missing(projectId);
      const project = await transact(`project:${projectId}`, async (transaction) => {
        const present = await transaction.project.findUnique({ where: { projectId } });
        if (present === null) throw missing(projectId);
        if (present.deletingAt !== null) return present;
        const data = { deletingAt: new Date(clock.now()) };
        return transaction.project.update({ where: { projectId }, data });
      });
      await ring.refresh();
      return shown(project);
    },
    async get(projectId) {
      const stored = isProjectId(projectId) && (await prisma.project.findUnique({ where: { projectId } }));
      if (!stored) throw missing(projectId);
      return shown(stored);
    },
    list: async () => (await prisma.project.findMany({ orderBy: { projectId: 'asc' } })).map(shown),
    async part(part, only) {
      const { where, ...how } = readingPart('projectId', 'asc', part);
      const all = only === undefined ? [where] : [where, { projectId: only }];
      return (await prisma.project.findMany({ where: { AND: all }, ...how })).map(shown);
    },
    count: () => prisma.project.count(),
    has: async (projectId) =>
      isProjectId(projectId) &&
      (await prisma.project.findFirst({ where: { projectId, deletingAt: null } })) !== null,
  };
}

/** The given settings, checked. @throws InvalidArgument */
function checkSettings(settings: ProjectSettings) {
  for (const [name, value] of Object.entries(settings)) {
    if (value !== null) continue;
    throw new InvalidArgument(`${name} cannot be cleared: give a value, or omit it.`, `input.${name}`);
  }
  checkName(settings.name, 'input.name');
  const { name, ipAddresses } = settings;
  return { ...(name != null && { name }), ...(ipAddresses != null && { ipAddresses }) };
}

type Stored = Omit<Project, 'ipAddresses'> & { readonly ipAddresses: string };

const shown = (stored: Stored): Project => ({ ...stored, ipAddresses: toIpAddresses(stored.ipAddresses) });

function taken({ projectId, deletingAt }: Pick<Project, 'projectId' | 'deletingAt'>): TelltaleError {
  const problem =
    deletingAt === null
      ? `The project "${projectId}" already exists.`
      : `The project "${projectId}" is being deleted. Its id can be used again once all of its data ` +
        'is removed.';
  return new TelltaleError('CONFLICT', problem, { argument: 'input.projectId' });
}

/** Every instance keeps all projects in memory, so there is a limit. */
function tooMany(maxProjects: number): TelltaleError {
  return new TelltaleError(
    'CONFLICT',
    `There are already ${maxProjects} projects, the maximum (MAX_PROJECTS). Delete one first with ` +
      '`deleteProject`, and wait until its data is removed.',
    { argument: 'input.projectId' },
  );
}

function missing(projectId: string): TelltaleError {
  return new TelltaleError('NOT_FOUND', `There is no project "${projectId}".`, {
    argument: 'input.projectId',
  });
}
