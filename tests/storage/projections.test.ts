import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Row } from '../../src/core/dataset/row.ts';
import { derivedId } from '../../src/core/ids.ts';
import { taskEvents } from '../../src/declarations/agents/task-events.ts';
import { tasks } from '../../src/declarations/agents/tasks.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { createStore } from '../../src/storage/create-store.ts';
import { projectionSql } from '../../src/storage/dialect/projection-sql.ts';
import type { EventGroup, Store } from '../../src/storage/store.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { keptClients } from '../support/kept-clients.ts';
import { keptThreads } from '../support/kept-threads.ts';
import { queryPlan } from '../support/query-plan.ts';
import { NOON, rowOf, type Values } from './support/calls.ts';
import { CLOCKS } from './support/clocks.ts';
import { useStores } from './support/stores.ts';

/** An event of a task in a project, minutes after noon. */
function taskEventOf(projectId: string, taskId: string, minute: number, values: Values = {}): Row {
  const timestamp = NOON + minute * 60_000;
  const common = { projectId, id: randomUUID(), timestamp, receivedAt: timestamp };
  return rowOf(taskEvents, { ...common, taskId, eventType: 'UPDATED', ...values });
}

const group = (...rows: readonly Row[]): EventGroup => ({ parts: [{ dataset: taskEvents, rows }] });

async function readTasks(store: Store, projectId: string): Promise<Record<string, unknown>[]> {
  const rows = await store.query
    .selectFrom('tasks')
    .select(['task_id', 'status', 'assigned_to', 'last_event_type', 'created_at', 'updated_at'])
    .where('project_id', '=', projectId)
    .orderBy('task_id')
    .execute();
  return rows.map(({ created_at, updated_at, ...row }) => ({
    ...row,
    from: (Number(new Date(created_at)) - NOON) / 60_000,
    to: (Number(new Date(updated_at)) - NOON) / 60_000,
  }));
}

describeEachDatabase('states that events keep up to date', (database) => {
  const stores = useStores(database);
  // Tests share a store: each has its own project.
  let url = '';
  let store: Store;
  let project = '';
  let count = 0;
  beforeAll(async () => {
    url = await stores.createUrl();
    store = await createStore({ url, datasets, threads: keptThreads, clients: keptClients });
  });
  afterAll(() => store.close());
  beforeEach(() => {
    project = `project-${++count}`;
  });

  const taskEvent = (taskId: string, minute: number, values: Values = {}): Row =>
    taskEventOf(project, taskId, minute, values);

  test('have the values of the newest events, in any order of arrival', async () => {
    await store.append([group(taskEvent('a', 3, { eventType: 'BLOCKED', newStatus: 'blocked' }))]);
    await store.append([
      group(
        taskEvent('a', 1, { eventType: 'CREATED', newStatus: 'todo', assignedTo: 'builder' }),
        taskEvent('b', 2, { eventType: 'CREATED', newStatus: 'todo' }),
      ),
      group(taskEvent('a', 5, { eventType: 'UPDATED' })),
    ]);
    expect(await readTasks(store, project)).toEqual([
      { task_id: 'a', status: 'blocked', assigned_to: 'builder', last_event_type: 'UPDATED', from: 1, to: 5 },
      { task_id: 'b', status: 'todo', assigned_to: null, last_event_type: 'CREATED', from: 2, to: 2 },
    ]);
  });

  test.each(CLOCKS)('follow the rule for wrong clocks: %s', async (_, reports, status, to) => {
    // Events that were received together are sent together.
    const times = [...new Set(reports.map(([, received]) => received))];
    const receipts = times.map((time) => reports.filter(([, received]) => received === time));
    const events = (taskId: string, some = reports) =>
      some.map(([said, received, newStatus]) =>
        taskEvent(taskId, said, { newStatus, receivedAt: NOON + received * 60_000 }),
      );
    for (const some of receipts) await store.append([group(...events('in order', some))]);
    for (const some of receipts.reverse()) await store.append([group(...events('reversed', some))]);
    await store.append([group(...events('together'))]);
    expect(await readTasks(store, project)).toMatchObject(
      ['in order', 'reversed', 'together'].map((task_id) => ({ task_id, status, to })),
    );
  });

  test('have ids that follow from project and key, and projects of their own', async () => {
    const other = `other-${project}`;
    await store.append([
      group(taskEvent('a', 1, { newStatus: 'todo' }), taskEventOf(other, 'a', 2, { newStatus: 'done' })),
    ]);
    const found = await store.query
      .selectFrom('tasks')
      .select(['project_id', 'id', 'status'])
      .where('project_id', 'in', [project, other])
      .execute();
    const expected = [
      { project_id: project, id: derivedId(project, tasks.name, 'a'), status: 'todo' },
      { project_id: other, id: derivedId(other, tasks.name, 'a'), status: 'done' },
    ];
    expect(found).toEqual(expect.arrayContaining(expected));
    expect(found).toHaveLength(2);
  });

  test('detect wrong clocks of each project by its own events, even if ids are the same', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    const event = (id: string, projectId: string, said: number, received: number, newStatus: string) =>
      taskEventOf(projectId, 'a', said, { id, newStatus, receivedAt: NOON + received * 60_000 });
    await store.append([
      group(
        ...['behind', 'right'].flatMap((project) => [
          event(one, project, -120, 0, 'first'),
          event(two, project, -119, 1, 'second'),
        ]),
        event(randomUUID(), 'right', 0.5, 0.5, 'between'),
      ),
    ]);
    const found = await store.query
      .selectFrom('tasks')
      .select(['project_id', 'status'])
      .where('project_id', 'in', ['behind', 'right'])
      .execute();
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        { project_id: 'behind', status: 'second' },
        { project_id: 'right', status: 'between' },
      ]),
    );
  });

  test('change nothing for an event that was stored before', async () => {
    const event = taskEvent('a', 1, { newStatus: 'todo' });
    await store.append([group(event)]);
    const before = await readTasks(store, project);
    const again = event.with(taskEvents.at.newStatus, 'done');
    expect(await store.append([group(again)])).toEqual([{ fresh: [[false]] }]);
    expect(await readTasks(store, project)).toEqual(before);
  });

  test('do not change when all newer events have expired and a late one arrives', async () => {
    await store.append([group(taskEvent('a', 9, { newStatus: 'done' }))]);
    const before = await readTasks(store, project);
    await store.query.deleteFrom('task_events').where('project_id', '=', project).execute();
    await store.append([group(taskEvent('a', 1, { newStatus: 'todo' }))]);
    expect(await readTasks(store, project)).toEqual(before);
  });

  test('keep the values of an expired event until another event changes them', async () => {
    await store.append([group(taskEvent('a', 1, { newStatus: 'todo', assignedTo: 'builder' }))]);
    await store.query.deleteFrom('task_events').where('project_id', '=', project).execute();
    await store.append([group(taskEvent('a', 2, {}))]);
    expect(await readTasks(store, project)).toMatchObject([
      { status: 'todo', assigned_to: 'builder', from: 1, to: 2 },
    ]);
    await store.append([group(taskEvent('a', 3, { newStatus: 'done' }))]);
    expect(await readTasks(store, project)).toMatchObject([
      { status: 'done', assigned_to: 'builder', to: 3 },
    ]);
  });

  test('are correct when instances race for one state', async () => {
    const writers =
      database.dialect === 'postgresql' ? [store, await stores.open(url), await stores.open(url)] : [store];
    const minutes = Array.from({ length: 60 }, (_, index) => index);
    await Promise.all(
      minutes.map((minute) => {
        const writer = writers[minute % writers.length] as Store;
        return writer.append([
          group(
            taskEvent('a', minute, { newStatus: `s${minute}` }),
            taskEvent('b', -minute, { newStatus: `s${minute}` }),
          ),
        ]);
      }),
    );
    expect(await readTasks(store, project)).toMatchObject([
      { task_id: 'a', status: 's59', from: 0, to: 59 },
      { task_id: 'b', status: 's0', from: -59, to: 0 },
    ]);
  });

  test('are computed by index seeks, for any number of events', async () => {
    const events = Array.from({ length: 4_000 }, (_, minute) => taskEvent(`task-${minute % 100}`, minute));
    await store.append([group(...events)]);
    await store.query.executeQuery(CompiledQuery.raw('analyze'));
    const isSqlite = database.dialect === 'sqlite';
    const id = `'${derivedId(project, tasks.name, 'task-1')}'${isSqlite ? '' : '::uuid'}`;
    const [plan] = taskEvents.projections;
    if (plan === undefined) throw new Error('Tasks are kept from their events.');
    const statement = projectionSql(plan, `select '${project}', ${id}, 'task-1'`, store.functions.instants);
    const steps = await queryPlan(store, { sql: statement, parameters: [] });
    const reads = steps.filter((step) =>
      isSqlite
        ? /\b(SEARCH|SCAN) (event|found|shown)\b/.test(step)
        : /(Scan .*|Scan) on task_events/.test(step),
    );
    expect(reads.length).toBeGreaterThan(10);
    for (const read of reads)
      expect(read).not.toMatch(/SCAN|Seq Scan|project_id=\?\)$|project_id_timestamp_idx/);
  });

  test('equal a fold over the events in the order of the time that the server uses', async () => {
    const event = fc.record({
      minute: fc.integer({ min: 0, max: 500 }),
      // Late events, or events of a clock that is ahead. No two are alike, because that could mean
      // a clock that is behind.
      lag: fc.integer({ min: -40, max: 40 }).map((steps) => steps * 5),
      newStatus: fc.option(fc.constantFrom('todo', 'doing', 'done')),
      assignedTo: fc.option(fc.constantFrom('builder', 'reviewer')),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(event, {
          minLength: 1,
          maxLength: 12,
          comparator: (one, other) => one.minute === other.minute || one.lag === other.lag,
        }),
        fc.integer({ min: 1, max: 4 }),
        async (events, size) => {
          const taskId = `run-${++run}`;
          for (let at = 0; at < events.length; at += size) {
            const some = events.slice(at, at + size);
            await store.append([
              group(
                ...some.map(({ minute, lag, ...values }) =>
                  taskEvent(taskId, minute, { ...values, receivedAt: NOON + (minute + lag) * 60_000 }),
                ),
              ),
            ]);
          }
          const known = ({ minute, lag }: { minute: number; lag: number }) => Math.min(minute, minute + lag);
          const inOrder = events.toSorted(
            (one, other) => known(one) - known(other) || one.minute - other.minute,
          );
          const stored = await store.query
            .selectFrom('tasks')
            .select(['status', 'assigned_to'])
            .where('project_id', '=', project)
            .where('task_id', '=', taskId)
            .executeTakeFirstOrThrow();
          expect(stored).toEqual({
            status: inOrder.findLast(({ newStatus }) => newStatus !== null)?.newStatus ?? null,
            assigned_to: inOrder.findLast(({ assignedTo }) => assignedTo !== null)?.assignedTo ?? null,
          });
        },
      ),
      { numRuns: 25 },
    );
  });
});
