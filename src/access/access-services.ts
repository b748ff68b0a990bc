import type { Clock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { IdSource } from '../core/ids.ts';
import type { Store } from '../storage/store.ts';
import { type Access, createAccess } from './authenticate.ts';
import type { KeyRing } from './key-ring.ts';
import { createKeys, type Keys } from './keys.ts';
import { createProjects, type Projects } from './projects.ts';
import { createReadTokens, type ReadTokens } from './read-tokens.ts';
import { createSigningKeys } from './signing-key.ts';

/** Authorization, and the operations that change it. */
export interface AccessServices {
  readonly access: Access;
  readonly keys: Keys;
  readonly projects: Projects;
  readonly readTokens: ReadTokens;
}

export interface AccessOptions {
  readonly store: Pick<Store, 'prisma' | 'transact'>;
  readonly ring: KeyRing;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly datasets: readonly Dataset[];
  readonly open: Parameters<typeof createAccess>[0]['open'];
  readonly maxKeys: number;
  readonly maxProjects: number;
  /**
   * Reads the ring again after a change on this instance, and makes other instances do the same.
   */
  readonly refresh: () => Promise<void>;
}

export function createAccessServices(options: AccessOptions): AccessServices {
  const { store, ring, clock, ids, datasets, open, maxKeys, maxProjects, refresh } = options;
  const { findSigningKey, findProject } = ring;
  const readTokens = createReadTokens({
    ring: { findSigningKey, findProject, refresh },
    ...{ signingKeys: createSigningKeys({ store, clock, ids }), clock, datasets },
  });
  return {
    access: createAccess({ ring, readTokens, open }),
    keys: createKeys({ store, ring: { refresh }, clock, ids, maxKeys }),
    projects: createProjects({ store, ring: { refresh }, clock, maxProjects }),
    readTokens,
  };
}
