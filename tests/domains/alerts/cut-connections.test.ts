import { type IncomingMessage, request } from 'node:http';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { describeEachDatabase } from '../../support/databases.ts';
import { alert } from '../../support/events.ts';
import { startApp, type TestApp } from '../../support/start-app.ts';
import { type Connection, END, followThroughCuts, type SeenAlert } from './support/cut-connections.ts';

const RAISED = 'subscription ($since: ID) { alertRaised(since: $since) { id alertId } }';
const RAISE = 'mutation ($input: RaiseAlertInput!) { raiseAlert(input: $input) { alert { id } } }';
const WRITERS = 3;
const ALERTS_PER_WRITER = 25;

/**
 * The numbers of alerts after which connections are cut off: different for each client, but the
 * same in each run.
 */
const CUTS = fc.sample(fc.array(fc.nat({ max: 9 }), { minLength: 4, maxLength: 8 }), { numRuns: 6, seed: 5 });

interface Answer {
  readonly data?: { readonly alertRaised: SeenAlert };
  readonly errors?: unknown;
}

/** The messages of a connection, to be read one by one. */
function createInbox() {
  const answers: Answer[] = [];
  let wake = () => {};
  return {
    put(answer: Answer) {
      answers.push(answer);
      wake();
    },
    async next(): Promise<SeenAlert> {
      while (answers.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const { data, errors } = answers.shift() as Answer;
      expect(errors).toBeUndefined();
      return (data as NonNullable<Answer['data']>).alertRaised;
    },
  };
}

async function overWebSocket(app: TestApp, since: string | null): Promise<Connection> {
  const inbox = createInbox();
  const socket = new WebSocket(app.webSocketUrl, 'graphql-transport-ws');
  socket.on('message', (text) => {
    const { type, payload } = JSON.parse(String(text));
    const payloadOfSubscribe = { query: RAISED, variables: { since } };
    if (type === 'connection_ack') {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: payloadOfSubscribe }));
    } else {
      inbox.put(type === 'next' ? payload : { errors: payload ?? type });
    }
  });
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init' }));
  return {
    next: inbox.next,
    async cut() {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.terminate();
      await closed;
    },
  };
}

/**
 * A separate socket for each client, as in a browser, because Node's `fetch` would open further
 * sockets in advance.
 */
async function overSse(app: TestApp, since: string | null): Promise<Connection> {
  const inbox = createInbox();
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const sent = request(app.url, { method: 'POST', headers, agent: false });
  sent.end(JSON.stringify({ query: RAISED, variables: { since } }));
  const response = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const events = (text + chunk).split('\n\n');
    text = events.pop() as string;
    for (const event of events) {
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (data !== undefined) inbox.put(JSON.parse(data));
    }
  });
  // The connection is cut off on purpose.
  response.on('error', () => {});
  return {
    next: inbox.next,
    async cut() {
      const closed = new Promise((resolve) => response.once('close', resolve));
      response.destroy();
      await closed;
    },
  };
}

/** On PostgreSQL alerts are raised on one instance and followed on the other; SQLite has one. */
describeEachDatabase('clients whose connections are cut off', (database) => {
  it('see each alert once, in order, over WebSocket and SSE', async () => {
    await using raising = await startApp({ database });
    await using other =
      database.dialect === 'postgresql'
        ? await startApp({ database, databaseUrl: raising.databaseUrl })
        : null;
    const following = other ?? raising;
    const raise = async (alertId: string) => {
      const { raiseAlert } = await raising.query<{ raiseAlert: { alert: { id: string } } }>(RAISE, {
        input: alert(alertId),
      });
      return raiseAlert.alert.id;
    };
    const start = await raise('start');
    const clients = CUTS.map((cuts, index) => {
      const connect = index % 2 === 0 ? overWebSocket : overSse;
      return followThroughCuts((since) => connect(following, since), start, cuts);
    });
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
      for (let number = 0; number < ALERTS_PER_WRITER; number++) await raise(`${writer}-${number}`);
    });
    await Promise.all(writers);
    await raise(END);
    const { alerts } = await raising.query<{ alerts: { nodes: { alertId: string }[] } }>(
      '{ alerts(first: 500, orderBy: { field: SEQUENCE, direction: ASC }) { nodes { alertId } } }',
    );
    const expected = alerts.nodes.slice(1).map(({ alertId }) => alertId);
    expect(expected).toHaveLength(WRITERS * ALERTS_PER_WRITER + 1);
    for (const seen of await Promise.all(clients)) expect(seen).toEqual(expected);
    await following.waitForSubscriptions(0);
  });
});
