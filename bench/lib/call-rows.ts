import type { Row } from '../../src/core/dataset/row.ts';
import { makeCallInputs } from './call-input.ts';
import { fromSource } from './paths.ts';

/** Calls as the write path stores them: checked, with everything that the server computes. */
export interface CallRows {
  readonly rows: readonly Row[];
  /** The next id that the server would assign. */
  nextId(): string;
}

export async function makeCallRows(count: number): Promise<CallRows> {
  const { llmCalls } = await fromSource<typeof import('../../src/declarations/llm/llm-calls.ts')>(
    'declarations/llm/llm-calls.ts',
  );
  const { createIdSource } = await fromSource<typeof import('../../src/core/ids.ts')>('core/ids.ts');
  const { compileRowCheck } =
    await fromSource<typeof import('../../src/ingest/row-check.ts')>('ingest/row-check.ts');
  const source = createIdSource({ now: () => Date.now() });
  const check = compileRowCheck(llmCalls, { ids: source, services: { priceCall: () => null } });
  const facts = { projectId: 'default', now: Date.now(), ipAddresses: 'FULL' as const };
  const rows = makeCallInputs(count, 1, Date.now()).map((input) => {
    const row = check(input, facts);
    if (!Array.isArray(row)) throw new Error(`The benchmark made an invalid event: ${JSON.stringify(row)}`);
    return row;
  });
  return { rows, nextId: () => source.next() };
}
