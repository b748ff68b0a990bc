import type { Clock } from '../core/clock.ts';
import { InvalidArgument, TelltaleError } from '../core/errors.ts';
import type { Store } from '../storage/store.ts';
import type { KeyRing } from './key-ring.ts';

/** The project that exists from the start, and that requests belong to if they name no other. */
export const DEFAULT_PROJECT = 'default';

/** What is valid as the id of a project, in words. */
export const PROJECT_ID_RULE =
  '1 to 63 lower-case letters, digits and hyphens, with a letter or a digit at both ends';

const PROJECT_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A tenant. */
export interface Project {
  readonly projectId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Projects {
  /** @throws InvalidArgument for an id that is not valid, CONFLICT if the project exists */
  create(project: {
    readonly projectId: string;
    readonly name?: string | null | undefined;
  }): Promise<Project>;
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
      if (!PROJECT_ID.test(projectId)) {
        throw new InvalidArgument(
          `"${projectId}" is not valid as a project. Use ${PROJECT_ID_RULE}.`,
          'input.projectId',
        );
      }
      const now = new Date(clock.now());
      const data = { projectId, name: name ?? projectId, createdAt: now, updatedAt: now };
      const project = await transact(`project:${projectId}`, async (transaction) => {
        const present = await transaction.project.findUnique({ where: { projectId } });
        if (present !== null) throw taken(projectId);
        return transaction.project.create({ data });
      });
      await ring.refresh();
      return project;
    },
    has: async (projectId) =>
      (await prisma.project.findFirst({ where: { projectId, deletingAt: null } })) !== null,
  };
}

function taken(projectId: string): TelltaleError {
  return new TelltaleError('CONFLICT', `There is a project "${projectId}" already.`, {
    argument: 'input.projectId',
  });
}
