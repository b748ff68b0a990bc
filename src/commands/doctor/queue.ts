import { messageOf } from '../../core/thrown.ts';
import { type Finding, ok, warning } from './finding.ts';

/** What a running server reports about its own load. */
export type LoadFacts =
  | { readonly kind: 'load'; readonly share: number; readonly delayMs: number }
  /** The server does not answer this doctor, for example because it has no key. */
  | { readonly kind: 'unknown'; readonly reason: string };

const PATIENCE_MS = 3_000;
const QUESTION = '{ health { resources { eventLoopDelayMs ingestQueueUse } } }';
/** A queue this full will soon refuse events. */
const FULL_FROM = 0.5;
/** An event loop this slow delays all requests. */
const SLOW_FROM_MS = 500;

export async function probeLoad(
  origin: string,
  headers: Readonly<Record<string, string>>,
): Promise<LoadFacts> {
  try {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: QUESTION }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return readLoad(await response.json());
  } catch (error) {
    return { kind: 'unknown', reason: messageOf(error) };
  }
}

interface LoadAnswer {
  readonly data?: {
    readonly health: {
      readonly resources: {
        readonly eventLoopDelayMs: number;
        readonly ingestQueueUse: number;
      };
    };
  } | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** Interprets the answer of the server. Pure. */
export function readLoad({ data, errors }: LoadAnswer): LoadFacts {
  if (!data) return { kind: 'unknown', reason: errors?.[0]?.message ?? 'it returned nothing' };
  const { eventLoopDelayMs: delayMs, ingestQueueUse: share } = data.health.resources;
  return { kind: 'load', share, delayMs };
}

/** @param facts null: no server is running */
export function assessLoad(facts: LoadFacts | null): readonly Finding[] {
  if (facts === null) return [];
  if (facts.kind === 'unknown') {
    return [
      ok(
        'queue',
        `Its queue cannot be read: ${facts.reason} Set TELLTALE_API_KEY to a key with the scope READ.`,
      ),
    ];
  }
  const percent = `${Math.round(facts.share * 100)} %`;
  const findings: Finding[] = [];
  if (facts.share >= FULL_FROM) {
    findings.push(
      warning(
        'queue',
        `The write queue is ${percent} full.`,
        'If it stays so, the disk is too slow for the incoming events: check the load of the disk, ' +
          'send larger batches, or use several servers on PostgreSQL.',
      ),
    );
  }
  if (facts.delayMs >= SLOW_FROM_MS) {
    findings.push(
      warning(
        'queue',
        `The server answers ${Math.round(facts.delayMs)} ms late (event loop).`,
        'Give it more processor time, or send it fewer large queries: its log names slow operations.',
      ),
    );
  }
  return findings.length > 0 ? findings : [ok('queue', `The write queue is ${percent} full.`)];
}
