import { type IpAddresses, toIpAddresses } from '../core/ip-addresses.ts';
import { createEnd } from './caller.ts';

export const PROJECT_DELETED = 'The project was deleted.';

interface StoredProject {
  readonly projectId: string;
  readonly createdAt: Date;
  readonly ipAddresses: string;
}

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

/** The projects that are not being deleted, as an instance knows them. */
export function createHeldProjects() {
  let held: ReadonlyMap<string, HeldProject> = new Map();
  let ends: ReadonlyMap<string, AbortSignal> = new Map();
  let ipAddresses: ReadonlyMap<string, IpAddresses> = new Map();
  return {
    get ends() {
      return ends;
    },
    known: (projectId: string): KnownProject | null => held.get(projectId) ?? null,
    ipAddressesOf: (projectId: string): IpAddresses => ipAddresses.get(projectId) ?? 'NONE',
    /** Takes what the database has. */
    replace(stored: readonly StoredProject[]): void {
      const before = held;
      held = new Map(
        stored.map(({ projectId, createdAt: created }) => {
          const known = before.get(projectId);
          const createdAt = created.getTime();
          return [projectId, known?.createdAt === createdAt ? known : hold(createdAt)];
        }),
      );
      ipAddresses = new Map(stored.map((project) => [project.projectId, toIpAddresses(project.ipAddresses)]));
      ends = new Map([...held].map(([projectId, { signal }]) => [projectId, signal]));
      for (const [projectId, project] of before) {
        if (held.get(projectId) !== project) project.end.abort(PROJECT_DELETED);
      }
    },
  };
}

function hold(createdAt: number): HeldProject {
  const end = createEnd();
  return { createdAt, end, signal: end.signal };
}
