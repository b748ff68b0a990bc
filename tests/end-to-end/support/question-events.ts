import { errorLog, gitCommit, llmCall, requestLog, taskEvent } from '../../support/events.ts';

/** The input of `recordActivity`. */
type Activity = Readonly<Record<string, readonly object[]>>;

/** A time of the year 2026. */
const at = (time: string) => `2026-${time}:00Z`;

const spent = (endUser: string, time: string, cost: number) =>
  llmCall({ endUser, cost, timestamp: at(time) });

/**
 * In Berlin, November began at 23:00 UTC on 31 October, and October at 22:00 UTC on 30 September.
 */
const perUser: Activity = {
  llmCalls: [
    spent('ann', '10-31T23:30', 4),
    spent('ann', '11-10T12:00', 2),
    spent('bo', '11-02T12:00', 5),
    // The same days of October: until the 15th at noon, which was at 10:00 UTC.
    spent('ann', '09-30T22:30', 3),
    spent('ann', '10-15T09:00', 1),
    spent('cy', '10-03T12:00', 8),
    // In neither range: the last half hour of September, the afternoon of the 15th, and the end of
    // October.
    spent('ann', '09-30T21:30', 100),
    spent('ann', '10-15T10:30', 50),
    spent('bo', '10-31T22:30', 70),
  ],
};

const work = (agentId: string, cost: number) => llmCall({ agentId, cost, timestamp: at('11-10T12:00') });
const change = (taskId: string, eventType: string, fields: object) =>
  taskEvent(taskId, { eventType, timestamp: at('11-11T12:00'), ...fields });
/** The planner assigns a task, and closes it a day later. */
const done = (assignedTo: string, taskId: string) => [
  change(taskId, 'ASSIGNED', { assignedTo, changedBy: 'planner' }),
  change(taskId, 'COMPLETED', { changedBy: 'planner', timestamp: at('11-12T12:00') }),
];

const perTask: Activity = {
  llmCalls: [work('builder', 4), work('builder', 2), work('tester', 2.5), work('planner', 1)],
  taskEvents: [
    ...['T1', 'T2', 'T3', 'T4'].flatMap((taskId) => done('builder', taskId)),
    ...done('tester', 'T5'),
    // Assigned, and not completed.
    change('T6', 'ASSIGNED', { assignedTo: 'tester', changedBy: 'planner' }),
  ],
};

const committed = (number: number, agentId: string) =>
  gitCommit(number, { agentId, timestamp: at('11-12T12:00') });

const perCommit: Activity = {
  llmCalls: [work('builder', 4), work('builder', 2), work('tester', 2.5)],
  gitCommits: [...[1, 2, 3].map((number) => committed(number, 'builder')), committed(4, 'tester')],
};

const answered = (service: string, day: string, number: number) =>
  requestLog(`${service}-${day}-${number}`, { service, timestamp: at(`${day}T09:00`) });
const failed = (service: string, day: string) => errorLog({ service, timestamp: at(`${day}T09:00`) });

/** Shop: 2 errors by 8 requests. Pay: 2 by 2. Together: 4 by 10. */
const perRequest: Activity = {
  requestLogs: [
    ...[1, 2, 3, 4, 5, 6].map((number) => answered('shop', '11-14', number)),
    ...[1, 2].map((number) => answered('shop', '11-15', number)),
    answered('pay', '11-14', 1),
    answered('pay', '11-15', 1),
  ],
  errorLogs: [
    failed('shop', '11-14'),
    failed('shop', '11-15'),
    failed('pay', '11-14'),
    failed('pay', '11-14'),
  ],
};

const request = (requestId: string, fields: object) =>
  requestLog(requestId, { timestamp: at('11-12T12:00'), ...fields });
const search = { endpoint: '/search', method: 'GET' };

/** Requests of the checkout. The first ones are bad: they fail, or take too long. */
const checkedOut = (time: string, count: number, bad: object[] = []) =>
  Array.from({ length: count }, (_, number) =>
    requestLog(`checkout-${time}-${number}`, {
      ...{ endpoint: '/checkout', latencyMs: 800, timestamp: at(time) },
      ...bad[number],
    }),
  );
const fails = { statusCode: 500 };
const slow = { latencyMs: 801 };

/** The window began on 18 October, a Sunday. Last hour: 2 of 4 are bad; last six hours: 4 of 20. */
const budget: Activity = {
  requestLogs: [
    ...checkedOut('10-20T12:00', 40, [fails]),
    ...checkedOut('11-03T12:00', 30, [slow, { ...fails, ...slow }]),
    ...checkedOut('11-14T12:00', 10, [fails]),
    ...checkedOut('11-15T06:00', 16, [fails, slow]),
    ...checkedOut('11-15T10:30', 4, [fails, slow]),
    // These happened before the window, or belong to another endpoint.
    ...checkedOut('10-18T10:59', 5, [fails, fails, fails]),
    request('searched', { ...search, ...fails }),
  ],
};

/** A million tokens of a prompt: 0.15 USD, or 0.075 if the provider reads them from its cache. */
const prompt = (fields: object) =>
  llmCall({ promptTokens: 1_000_000, completionTokens: 0, timestamp: at('11-10T12:00'), ...fields });
const inHouse = { provider: 'in-house', model: 'large' };

const caching: Activity = {
  llmCalls: [
    prompt({}),
    prompt({ cachedPromptTokens: 1_000_000 }),
    prompt({ cached: true }),
    prompt({ ...inHouse, cost: 4, savedCost: 0 }),
    prompt({ ...inHouse, cost: 2, savedCost: 1.5 }),
  ],
};

/**
 * From Monday, 2 November, on: 10 USD a day, 14 in the second week, 2 on Saturdays, 4 on the
 * Sunday, and 1 on the morning of the 15th: 129 in all. Expected: 2 of the Sunday that is half
 * over, three Mondays and two each of Tuesday to Friday at 12, two Saturdays at 2 and two Sundays
 * at 4: 146. Ten days differ by 2 from the mean of their weekday: a variance of 40 by 13 days less
 * 7 weekdays, for 15 days and a half (squared). 1.28 times the root of 15.25 * 40 / 6 is 12.92. On
 * Sunday, the 22nd, it is 197.
 */
const month: Activity = {
  llmCalls: [
    ...['02', '03', '04', '05', '06'].map((day) => spent('ann', `11-${day}T12:00`, 10)),
    ...['09', '10', '11', '12', '13'].map((day) => spent('ann', `11-${day}T12:00`, 14)),
    ...['07', '14'].map((day) => spent('ann', `11-${day}T22:30`, 2)),
    spent('ann', '11-08T12:00', 4),
    spent('ann', '11-15T08:00', 1),
  ],
};

const called = (requestId: string, ...costs: readonly number[]) =>
  costs.map((cost, index) => llmCall({ requestId, cost, timestamp: at(`11-12T12:0${index + 1}`) }));

const perEndpoint: Activity = {
  requestLogs: [
    ...['c1', 'c2', 'c3', 'c4'].map((requestId) => request(requestId, {})),
    ...['s1', 's2'].map((requestId) => request(requestId, search)),
    request('ping', { endpoint: '/ping', method: 'GET' }),
    // This event is before the week.
    request('old', { timestamp: at('11-08T10:59') }),
  ],
  llmCalls: [
    ...called('c1', 0.5, 0.5, 0.5),
    ...called('c2', 1, 0.25),
    ...called('c3', 0.25),
    ...called('s1', 0.25, 0.25),
    ...called('old', 9),
    ...called('of no request', 9),
  ],
};

const failure = (errorType: string, errorMessage: string, service: string, time: string) =>
  errorLog({ errorType, errorMessage, service, timestamp: at(time) });

const newErrors: Activity = {
  errorLogs: [
    failure('TypeError', 'cart is undefined', 'shop', '11-14T14:00'),
    failure('TypeError', 'cart is undefined', 'shop', '11-15T10:00'),
    failure('TimeoutError', 'bank took 31 s', 'pay', '11-15T09:00'),
    // A known error: the numbers in a message do not make it a new one.
    failure('TimeoutError', 'mail took 10 s', 'mail', '11-01T09:00'),
    failure('TimeoutError', 'mail took 20 s', 'mail', '11-15T09:00'),
    // On the day on which the last 24 hours began, but an hour before them.
    failure('RangeError', 'page 0', 'shop', '11-14T10:00'),
    failure('RangeError', 'page 0', 'shop', '11-15T10:30'),
  ],
};

/** This many requests, one a minute from noon on. */
const served = (release: string, day: string, count: number, fields: object) =>
  Array.from({ length: count }, (_, minute) =>
    requestLog(`${release}-${JSON.stringify(fields)}-${minute}`, {
      ...{ release, timestamp: at(`${day}T12:${String(minute).padStart(2, '0')}`) },
      ...fields,
    }),
  );
const SLOW_COMMIT = '9c1e5a7d3b2f4068a1c7e9d5f3b1a2c4d6e8f0a2';

const releases: Activity = {
  requestLogs: [
    ...served('v1', '11-11', 30, { latencyMs: 100 }),
    ...served('v2', '11-12', 20, { latencyMs: 100 }),
    ...served(SLOW_COMMIT, '11-13', 25, { latencyMs: 300 }),
    // The requests were already as slow before this release.
    ...served('v4', '11-14', 40, { latencyMs: 300 }),
    // Other endpoints do not count.
    ...served('v2', '11-12', 20, { latencyMs: 5000, endpoint: '/export' }),
  ],
  gitCommits: [
    gitCommit(1, {
      commitHash: SLOW_COMMIT,
      message: 'Ask the slower model first',
      timestamp: at('11-13T10:00'),
    }),
  ],
};

const set = (taskId: string, newStatus: string, time: string, assignedTo?: string) =>
  taskEvent(taskId, { newStatus, timestamp: at(time), ...(assignedTo !== undefined && { assignedTo }) });

/**
 * Ann: 1, 2 and 9 hours. Bo takes a task over in review, where it stays for half an hour in all.
 */
const reviews: Activity = {
  taskEvents: [
    set('T1', 'review', '11-10T08:00', 'ann'),
    set('T1', 'done', '11-10T09:00'),
    set('T2', 'review', '11-10T08:00', 'ann'),
    set('T2', 'done', '11-10T10:00', 'bo'),
    set('T3', 'review', '11-10T08:00', 'ann'),
    set('T3', 'in_progress', '11-10T17:00'),
    set('T4', 'review', '11-10T08:00', 'ann'),
    taskEvent('T4', { eventType: 'ASSIGNED', assignedTo: 'bo', timestamp: at('11-10T08:10') }),
    set('T4', 'done', '11-10T08:30'),
    set('T5', 'review', '11-10T08:00'),
    set('T5', 'done', '11-10T09:00'),
    // This task is still in review.
    set('T6', 'review', '11-10T08:00', 'ann'),
  ],
};

const seen = (endUser: string | null, time: string) => llmCall({ endUser, timestamp: at(time) });

/**
 * Ann, bo, cy and dan are there in the first week, and ann and bo come back in the second. Of ann,
 * bo and eve in the second week, ann and eve come back in the third.
 */
const users: Activity = {
  llmCalls: [
    ...['ann', 'bo', 'cy', 'dan', 'dan'].map((user) => seen(user, '10-27T09:00')),
    // The last minute of the first week in Berlin.
    seen('bo', '11-01T22:59'),
    ...['ann', 'bo', 'eve', null].map((user) => seen(user, '11-03T09:00')),
    ...['ann', 'ann', 'cy', 'eve'].map((user) => seen(user, '11-11T09:00')),
  ],
};

/**
 * The events for each question of the page, by its heading. The answers are computed from them by
 * hand.
 */
export const EVENTS: Readonly<Record<string, Activity>> = {
  'What does each end user cost this month, compared with last month? The 20 most expensive, in Berlin time':
    perUser,
  'What do the agents cost, which tasks do they complete, and what does a completed task cost?': perTask,
  'What does a commit cost, per agent?': perCommit,
  'How many errors are there per request, per service and day?': perRequest,
  'How much of the error budget of the last 28 days is left, and how fast does it burn?': budget,
  'What did caching save, per model?': caching,
  'What will this month cost, and when does it reach the budget of 200 USD?': month,
  'What do requests cost, and how many model calls do they make, per endpoint?': perEndpoint,
  'Which errors are new since yesterday?': newErrors,
  'After which release did an endpoint become slow?': releases,
  'How long do tasks stay in review, per assignee?': reviews,
  'How many users are there per week, and which share comes back the week after?': users,
};
