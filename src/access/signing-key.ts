import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { IdSource } from '../core/ids.ts';
import type { Store } from '../storage/store.ts';
import { createEnd } from './caller.ts';

/** The key that signs read tokens, in memory. */
export interface SigningKey {
  /** Tokens contain it. */
  readonly id: string;
  readonly secret: Uint8Array;
  /** Aborts when another key replaces it, with a sentence as its reason. */
  readonly signal: AbortSignal;
}

/** The purpose under which the key of read tokens is stored. */
export const READ_TOKENS = 'READ_TOKENS';

const SECRET_BYTES = 32;

interface StoredSigningKey {
  readonly keyId: string;
  readonly secret: string;
}

/** The signing key that an instance holds. */
export function createHeldSigningKey() {
  let held: (SigningKey & { readonly controller: AbortController }) | null = null;
  return {
    known: (id: string): SigningKey | null => (held?.id === id ? held : null),
    /** Applies what the database contains; null if no key was created yet. */
    replace(stored: StoredSigningKey | null): void {
      if (stored?.keyId === held?.id) return;
      held?.controller.abort('All read tokens were ended.');
      const controller = createEnd();
      const secret = Buffer.from(stored?.secret ?? '', 'base64url');
      held = stored && { id: stored.keyId, secret, controller, signal: controller.signal };
    },
  };
}

/** Creates the stored signing key of read tokens. */
export interface SigningKeys {
  /**
   * The stored key. Creates it if there is none, only once even if several instances ask at the
   * same time.
   */
  current(): Promise<Pick<SigningKey, 'id' | 'secret'>>;
  /** Replaces the key. Tokens signed by the old one become invalid. */
  replace(): Promise<void>;
}

export interface SigningKeysOptions {
  readonly store: Pick<Store, 'prisma' | 'transact'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

export function createSigningKeys({ store, clock, ids }: SigningKeysOptions): SigningKeys {
  const where = { purpose: READ_TOKENS };
  const newKey = () => ({
    keyId: ids.next(),
    secret: randomBytes(SECRET_BYTES).toString('base64url'),
    createdAt: new Date(clock.now()),
  });

  async function read(): Promise<StoredSigningKey> {
    const stored = await store.prisma.signingKey.findUnique({ where });
    if (stored !== null) return stored;
    return store.transact('signing-key', async (transaction) => {
      const present = await transaction.signingKey.findUnique({ where });
      return present ?? transaction.signingKey.create({ data: { ...where, ...newKey() } });
    });
  }

  return {
    async current() {
      const { keyId, secret } = await read();
      return { id: keyId, secret: Buffer.from(secret, 'base64url') };
    },
    async replace() {
      const data = newKey();
      await store.transact('signing-key', (transaction) =>
        transaction.signingKey.upsert({ where, update: data, create: { ...where, ...data } }),
      );
    },
  };
}
