import type { Clock } from '../core/clock.ts';
import { InvalidArgument, TelltaleError } from '../core/errors.ts';
import type { Store } from '../storage/store.ts';
import type { KeyRing } from './key-ring.ts';
import { checkName } from './names.ts';

/** The project that exists from the start, and that requests belong to if they name no other. */
export const DEFAULT_PROJECT = 'default';

/** What is valid as the id of a project, in words. */
export const PROJECT_ID_RULE =
  '1 to 63 lower-case letters, digits and hyphens, with a letter or a digit at both ends';

const PROJECT_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a project can have this id. No other text needs to be looked up, and PostgreSQL refuses some. */
export const isProjectId = (text: string): boolean => PROJECT_ID.test(text);

/** A tenant. */
export interface Project {
  readonly projectId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** From when it is being deleted; null: it is not. */
  readonly deletingAt: Date | null;
}

export interface Projects {
  /** @throws InvalidArgument for an id that is not valid, CONFLICT if the project exists */
  create(project: {
    readonly projectId: string;
    readonly name?: string | null | undefined;
  }): Promise<Project>;
  /** @throws NOT_FOUND without the project, or while it is being deleted */
  rename(projectId: string, name: string): Promise<Project>;
  /**
   * Ends all access to the project. `ProjectRemoval` removes its data.
   *
   * @throws InvalidArgument for the default project, NOT_FOUND without the project
   */
  delete(projectId: string): Promise<Project>;
  /** By their ids; those that are being deleted included. */
  list(): Promise<Project[]>;
  /** Whether the project exists and is not being deleted. */
  has(projectId: string): Promise<boolean>;
}

export interface ProjectsOptions {
  readonly store: Pick<Store, 'prisma' | 'transact'>;
  readonly ring: Pick<KeyRing, 'refresh'>;
  readonly clock: Clock;
}

export function createProjects({ store: { prisma, transact }, ring, clock }: ProjectsOptions): Projects {
  return {
    async create({ projectId, name }) {
      if (!isProjectId(projectId)) {
        throw new InvalidArgument(
          `"${projectId}" is not valid as a project. Use ${PROJECT_ID_RULE}.`,
          'input.projectId',
        );
      }
      checkName(name, 'input.name');
      const now = new Date(clock.now());
      const data = { projectId, name: name ?? projectId, createdAt: now, updatedAt: now };
      const project = await transact(`project:${projectId}`, async (transaction) => {
        const present = await transaction.project.findUnique({ where: { projectId } });
        if (present !== null) throw taken(present);
        return transaction.project.create({ data });
      });
      await ring.refresh();
      return project;
    },
    async rename(projectId, name) {
      if (!isProjectId(projectId)) throw missing(projectId);
      checkName(name, 'input.name');
      const project = await transact(`project:${projectId}`, async (transaction) => {
        const present = await transaction.project.findUnique({ where: { projectId } });
        if (present === null || present.deletingAt !== null) throw missing(projectId);
        const data = { name, updatedAt: new Date(clock.now()) };
        return transaction.project.update({ where: { projectId }, data });
      });
      return project;
    },
    async delete(projectId) {
      if (projectId === DEFAULT_PROJECT) {
        throw new InvalidArgument(
          'The project "default" stays: requests that name no project belong to it.',
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
      return project;
    },
    list: () => prisma.project.findMany({ orderBy: { projectId: 'asc' } }),
    has: async (projectId) =>
      isProjectId(projectId) &&
      (await prisma.project.findFirst({ where: { projectId, deletingAt: null } })) !== null,
  };
}

function taken({ projectId, deletingAt }: Project): TelltaleError {
  const problem =
    deletingAt === null
      ? `There is a project "${projectId}" already.`
      : `The project "${projectId}" is being deleted. Its id is free again when all its data is removed.`;
  return new TelltaleError('CONFLICT', problem, { argument: 'input.projectId' });
}

function missing(projectId: string): TelltaleError {
  return new TelltaleError('NOT_FOUND', `There is no project "${projectId}".`, {
    argument: 'input.projectId',
  });
}
