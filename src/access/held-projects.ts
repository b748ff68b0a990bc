import { type IpAddresses, toIpAddresses } from '../core/ip-addresses.ts';
import type { PrismaClient } from '../storage/prisma.ts';
import { createEnd } from './caller.ts';
import { followTable } from './follow-table.ts';

export const PROJECT_DELETED = 'The project was deleted.';

interface StoredProject {
  readonly projectId: string;
  readonly createdAt: Date;
  readonly ipAddresses: string;
  readonly deletingAt: Date | null;
}

const COLUMNS = { projectId: true, createdAt: true, ipAddresses: true, deletingAt: true } as const;

/** A project that is not being deleted. */
export interface KnownProject {
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Aborts when the project is deleted, with a sentence as its reason. */
  readonly signal: AbortSignal;
}

interface HeldProject extends KnownProject {
  readonly end: AbortController;
}

export interface HeldProjects {
  /** The signals that end with the projects, by their ids. */
  readonly ends: ReadonlyMap<string, AbortSignal>;
  known(projectId: string): KnownProject | null;
  ipAddressesOf(projectId: string): IpAddresses;
  /** Sees everything that the database contained when it was called. */
  readonly follow: ReturnType<typeof followTable<StoredProject>>;
}

/** The projects that are not being deleted, as far as an instance knows. */
export function createHeldProjects(prisma: PrismaClient, elapsed: () => number): HeldProjects {
  const held = new Map<string, HeldProject>();
  const ends = new Map<string, AbortSignal>();
  const ipAddresses = new Map<string, IpAddresses>();

  function drop(projectId: string): void {
    const project = held.get(projectId);
    held.delete(projectId);
    ends.delete(projectId);
    ipAddresses.delete(projectId);
    project?.end.abort(PROJECT_DELETED);
  }

  function put({ projectId, createdAt: created, ...stored }: StoredProject): boolean {
    const createdAt = created.getTime();
    if (stored.deletingAt !== null || held.get(projectId)?.createdAt !== createdAt) drop(projectId);
    if (stored.deletingAt !== null) return false;
    const project = held.get(projectId) ?? hold(createdAt);
    held.set(projectId, project);
    ends.set(projectId, project.signal);
    ipAddresses.set(projectId, toIpAddresses(stored.ipAddresses));
    return true;
  }

  const follow = followTable<StoredProject>(
    {
      all: ({ after, size: take }) =>
        prisma.project.findMany({
          where: after === null ? {} : { projectId: { gt: after } },
          orderBy: { projectId: 'asc' },
          take,
          select: COLUMNS,
        }),
      countActive: () => prisma.project.count({ where: { deletingAt: null } }),
      changed: (since, { after, size: take }) =>
        prisma.project.findMany({
          where: {
            OR: [{ updatedAt: { gt: since } }, { deletingAt: { gt: since } }],
            ...(after !== null && { projectId: { gt: after } }),
          },
          orderBy: { projectId: 'asc' },
          take,
          select: COLUMNS,
        }),
      keyOf: ({ projectId }) => projectId,
      put,
      keep(projectIds) {
        for (const projectId of held.keys()) if (!projectIds.has(projectId)) drop(projectId);
      },
      expire: () => held.size,
    },
    elapsed,
  );

  return {
    ends,
    known: (projectId) => held.get(projectId) ?? null,
    ipAddressesOf: (projectId) => ipAddresses.get(projectId) ?? 'NONE',
    follow,
  };
}

function hold(createdAt: number): HeldProject {
  const end = createEnd();
  return { createdAt, end, signal: end.signal };
}
