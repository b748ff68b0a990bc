import { describe, expect, it } from 'vitest';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { type Announcement, readNotice, writeNotices } from '../../src/instances/notice-text.ts';
import { elsewhere } from '../../src/live/elsewhere.ts';
import { createEventCounter } from '../../src/live/event-counter.ts';
import { NOTICE_BYTES } from '../../src/storage/instance-link.ts';
import { callRow } from '../storage/support/calls.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { useInstances } from './support/instance.ts';

describe('the text of notices', () => {
  const projects = (count: number) =>
    Array.from({ length: count }, (_, index) => `${'ä'.repeat(40)}-${index}`);

  it('fits into a notice of PostgreSQL, and loses nothing', () => {
    const announcements: Announcement[] = Array.from({ length: 40 }, (_, index) => ({
      dataset: `dataset${index}`,
      upTo: { 0: 2 ** 43 - 1, 999: 2 ** 52 },
      projects: projects(index),
    }));
    const texts = writeNotices('one', announcements);
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(NOTICE_BYTES);
    expect(texts.flatMap((text) => readNotice(text, 'other') ?? [])).toEqual(announcements);
  });

  it('names no projects if there are too many', () => {
    const [text = ''] = writeNotices('one', [{ topic: 'alerts.changed', projects: projects(51) }]);
    expect(readNotice(text, 'other')).toEqual([{ topic: 'alerts.changed', projects: null }]);
  });

  it('is ignored if the instance sent it itself, or if it is not a notice', () => {
    const [text = ''] = writeNotices('one', [{ topic: 'alerts.changed', projects: [] }]);
    expect([readNotice(text, 'one'), readNotice('{', 'one'), readNotice('{"from":"x"}', 'one')]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describeOnlyOn('postgresql', 'notices between instances', (database) => {
  const { createUrl, open } = useInstances(database);

  it('announce topics, and which projects have new events', async () => {
    const url = await createUrl();
    const [one, other] = [await open(url), await open(url)];
    const counters = [one, other].map(({ live }) => createEventCounter(live));
    for (const counter of counters) counter.follow([llmCalls]);
    const counts = () =>
      counters.map((counter) => ['a', 'b'].map((project) => counter.count(project, llmCalls)));
    const heard: (string | null)[] = [];
    const reactions: string[] = [];
    const announced = other.live.subscribe<string | null>(elsewhere('alerts.changed'));
    void (async () => {
      for await (const { event } of announced) heard.push(event);
    })();
    other.instances.react('access.changed', async () => void reactions.push('access.changed'));

    // The connections of both exist once the first notices arrive.
    await expect
      .poll(() => {
        one.instances.announce('alerts.changed', 'first');
        return heard;
      })
      .toContain('first');
    const [, [before = 0, unmoved = 0] = []] = counts();
    await one.record(callRow({ projectId: 'a' }));
    await expect.poll(() => counts()[1]?.[0]).toBeGreaterThan(before);
    expect(counts()[1]?.[1]).toBe(unmoved);
    const sofar = reactions.length;
    await one.instances.announcing('access.changed', async () => undefined)();
    await expect.poll(() => reactions.length).toBeGreaterThan(sofar);
  });
});
