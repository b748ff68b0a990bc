import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import type { KeyRing } from './key-ring.ts';
import type { SigningKeys } from './signing-key.ts';

const claimsSchema = z.object({
  project: z.string(),
  projectSince: z.number(),
  key: z.string().nullable(),
  datasets: z.array(z.string()).min(1),
  filter: z.record(z.string(), z.unknown()),
  exp: z.number(),
});

/** The claims in a read token. `exp` is in epoch seconds. */
export type Claims = z.infer<typeof claimsSchema>;

/** Signs claims as JSON Web Tokens, and reads the ones that it signed. */
export interface SignedClaims {
  sign(claims: Claims): Promise<string>;
  /**
   * @returns the claims, with a signal that aborts when all tokens are ended
   * @throws an error that `isNotSigned` recognizes
   */
  read(text: string): Promise<{ readonly claims: Claims; readonly signal: AbortSignal } | null>;
}

export interface SignedClaimsOptions {
  readonly ring: Pick<KeyRing, 'findSigningKey' | 'refresh'>;
  readonly signingKeys: SigningKeys;
  readonly clock: Clock;
}

const ALGORITHM = 'HS256';
const TOKEN_OF = { issuer: 'telltale', audience: 'read' } as const;

export function createSignedClaims({ ring, signingKeys, clock }: SignedClaimsOptions): SignedClaims {
  return {
    async sign({ exp, ...claims }) {
      const { id, secret } = await signingKeys.current();
      // The key may be new, and the token must work on this server at once.
      if ((await ring.findSigningKey(id)) === null) await ring.refresh();
      return new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: id })
        .setIssuer(TOKEN_OF.issuer)
        .setAudience(TOKEN_OF.audience)
        .setIssuedAt(new Date(clock.now()))
        .setExpirationTime(exp)
        .sign(secret);
    },
    async read(text) {
      let signal: AbortSignal | undefined;
      const { payload } = await jwtVerify(
        text,
        async ({ kid = '' }) => {
          const key = await ring.findSigningKey(kid);
          if (key === null) throw new errors.JWSSignatureVerificationFailed();
          signal = key.signal;
          return key.secret;
        },
        { ...TOKEN_OF, algorithms: [ALGORITHM], currentDate: new Date(clock.now()) },
      );
      return signal === undefined ? null : { claims: claimsSchema.parse(payload), signal };
    },
  };
}

/**
 * Whether an error means that we did not sign the text, that it has expired, or that it has other
 * claims.
 */
export const isNotSigned = (error: unknown): boolean =>
  error instanceof errors.JOSEError || error instanceof z.ZodError;
