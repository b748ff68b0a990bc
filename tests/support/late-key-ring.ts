import { createKeyRing, type KeyRing, type KeyRingOptions } from '../../src/access/key-ring.ts';

export type LateKeyRing = Pick<KeyRing, 'findProject' | 'findSigningKey' | 'ipAddressesOf' | 'refresh'>;

/**
 * The key ring, read on demand: reading it takes 30 ms of a processor, and few tests have keys or
 * projects. Until then, projects store IP addresses as they are, as new ones do.
 */
export function createLateKeyRing(options: KeyRingOptions): LateKeyRing {
  let reading: Promise<KeyRing> | null = null;
  let ring: KeyRing | null = null;

  async function read(): Promise<KeyRing> {
    reading ??= createKeyRing(options);
    ring = await reading;
    return ring;
  }

  return {
    findProject: async (projectId) => (await read()).findProject(projectId),
    findSigningKey: async (id) => (await read()).findSigningKey(id),
    ipAddressesOf: (projectId) => ring?.ipAddressesOf(projectId) ?? 'FULL',
    refresh: async () => (await read()).refresh(),
  };
}
