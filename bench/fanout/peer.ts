import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { answerServerQuestion } from '../lib/child.ts';

/**
 * The URL, the number of subscribers, the CPU time in milliseconds, or the resident memory after a
 * collection of garbage in bytes.
 */
export type PeerQuestion = 'url' | 'subscribers' | 'cpu-ms' | 'memory';

export interface Peer {
  readonly url: string;
  readonly subscribers: () => number;
}

export async function answerPeerQuestion(
  question: PeerQuestion,
  { url, subscribers }: Peer,
): Promise<string | number> {
  if (question === 'subscribers') return subscribers();
  if (question !== 'memory') return answerServerQuestion(question, url);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let pass = 0; pass < 4; pass++) {
    collect();
    // Freed memory is returned to the system in the background.
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return process.memoryUsage.rss();
}
