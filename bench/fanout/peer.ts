import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { answerServerQuestion } from '../lib/child.ts';

/** The URL, the number of subscribers, the CPU time in milliseconds, or the memory after a collection in bytes. */
export type PeerQuestion = 'url' | 'subscribers' | 'cpu-ms' | 'memory' | 'snapshot';

import { Session } from 'node:inspector';
import { writeFileSync } from 'node:fs';
const session = new Session();
const post = (m: string, a: object = {}): Promise<any> => new Promise((res, rej) => session.post(m, a, (e: unknown, r: unknown) => e ? rej(e) : res(r)));
export interface Peer {
  readonly url: string;
  readonly subscribers: () => number;
}

export async function answerPeerQuestion(
  question: PeerQuestion,
  { url, subscribers }: Peer,
): Promise<string | number> {
  if (question === 'subscribers') return subscribers();
  if (question === 'snapshot') return (await import('node:v8')).writeHeapSnapshot('/tmp/fanout.heapsnapshot');
  if (question === ('profile' as string)) { session.connect(); await post('Profiler.enable'); await post('Profiler.setSamplingInterval', {interval: 200}); await post('Profiler.start'); return 0; }
  if (question === ('profile-end' as string)) { const { profile } = await post('Profiler.stop'); writeFileSync('/tmp/fanout.cpuprofile', JSON.stringify(profile)); return 0; }
  if (question !== 'memory') return answerServerQuestion(question, url);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let pass = 0; pass < 4; pass++) {
    collect();
    // What is freed is given back in the background.
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  if (process.env.BENCH_HEAP) console.error(process.memoryUsage());
  return process.memoryUsage.rss();
}
