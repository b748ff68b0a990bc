import { describe, expect, it } from 'vitest';
import type { MappedEvent, TargetName } from '../../src/otlp/mapping/mapped.ts';
import { createOuterSpans } from '../../src/otlp/mapping/spans/outer-spans.ts';
import type { Span } from '../../src/otlp/protocol/telemetry.ts';

const TRACE = 'a'.repeat(32);
const idOf = (number: number) => (number === 0 ? '' : number.toString(16).padStart(16, '0'));

interface GivenSpan {
  readonly id: number;
  readonly parent?: number;
  readonly trace?: string;
  readonly says?: Readonly<Record<string, string>>;
}

const spanOf = ({ id, parent = 0, trace = TRACE, says = {} }: GivenSpan): Span => ({
  ...{ traceId: trace, spanId: idOf(id), parentSpanId: idOf(parent), name: `span ${id}`, kind: 1 },
  ...{ startMs: 0, endMs: 1, statusCode: 0, statusMessage: '', events: [] },
  attributes: new Map(Object.entries(says)),
});

interface Case {
  readonly outer: readonly GivenSpan[];
  /** The span of the event. */
  readonly of: GivenSpan;
  readonly event?: MappedEvent;
  readonly dataset?: TargetName;
  readonly common?: Readonly<Record<string, string>>;
}

/** What the event has afterwards, without what it lacks. */
async function filledBy({ outer, of, event = {}, dataset = 'llmCalls', common }: Case): Promise<object> {
  const spans = createOuterSpans();
  const events = [event];
  spans.noteEvent({ dataset, index: 0, common }, spanOf(of));
  for (const span of outer) spans.note(spanOf(span));
  await spans.fillEvents(
    {
      at: (_, index) => events[index] ?? {},
      change: (_, index, changed) => {
        events[index] = changed;
      },
    },
    () => Promise.resolve(),
  );
  return Object.fromEntries(Object.entries(events[0] ?? {}).filter(([, value]) => value !== undefined));
}

const USER = 'user.id';
const SESSION = 'session.id';
const AGENT = 'gen_ai.agent.name';

describe('agents and workflows around calls', () => {
  it('pass on what they say, the nearest first', async () => {
    const outer: readonly GivenSpan[] = [
      { id: 3, parent: 2 },
      { id: 2, parent: 1, says: { [AGENT]: 'inner' } },
      { id: 1, says: { [AGENT]: 'outer', [USER]: 'ada', [SESSION]: 's1' } },
    ];
    const whole = { sessionId: 's1', endUser: 'ada', agentId: 'inner' };
    expect(await filledBy({ outer, of: { id: 4, parent: 3 } })).toEqual(whole);
    expect(await filledBy({ outer: outer.toReversed(), of: { id: 4, parent: 3 } })).toEqual(whole);
    const own = { sessionId: 's9', endUser: 'eve', agentId: 'own' };
    expect(await filledBy({ outer, of: { id: 4, parent: 3 }, event: own })).toEqual(own);
  });

  it('pass on only what a dataset has columns for', async () => {
    const outer: readonly GivenSpan[] = [
      { id: 1, says: { [AGENT]: 'outer', [USER]: 'ada', [SESSION]: 's1' } },
    ];
    const of = { id: 2, parent: 1 };
    expect(await filledBy({ outer, of, dataset: 'toolCalls' })).toEqual({
      sessionId: 's1',
      agentId: 'outer',
    });
    expect(await filledBy({ outer, of, dataset: 'errorLogs' })).toEqual({ sessionId: 's1' });
  });

  it('pass on tags, which count more than those of the resource and less than those of the call', async () => {
    const common = { feature: 'search', team: 'web', repo: 'shop' };
    const outer: readonly GivenSpan[] = [
      {
        id: 1,
        says: {
          'ai.settings.context.feature': 'chat',
          'ai.settings.context.team': 'core',
          'ai.settings.context.plan': 'pro',
        },
      },
    ];
    const event = { tags: { ...common, team: 'own' } };
    expect(await filledBy({ outer, of: { id: 2, parent: 1 }, event, common })).toEqual({
      tags: { feature: 'chat', team: 'own', plan: 'pro', repo: 'shop' },
    });
  });

  it('pass on nothing to other traces, to roots and beside them', async () => {
    const outer: readonly GivenSpan[] = [{ id: 1, says: { [SESSION]: 's1' } }];
    expect(await filledBy({ outer, of: { id: 2, parent: 1, trace: 'b'.repeat(32) } })).toEqual({});
    expect(await filledBy({ outer, of: { id: 2 } })).toEqual({});
    expect(await filledBy({ outer, of: { id: 2, parent: 7 } })).toEqual({});
  });

  it('may surround each other, or themselves', async () => {
    const outer: readonly GivenSpan[] = [
      { id: 1, parent: 2, says: { [SESSION]: 's1' } },
      { id: 2, parent: 1, says: { [USER]: 'ada' } },
      { id: 3, parent: 3, says: { [SESSION]: 's3' } },
    ];
    expect(await filledBy({ outer, of: { id: 4, parent: 2 } })).toEqual({ sessionId: 's1', endUser: 'ada' });
    expect(await filledBy({ outer, of: { id: 4, parent: 3 } })).toEqual({ sessionId: 's3' });
  });
});
