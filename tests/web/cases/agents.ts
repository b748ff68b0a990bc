import { expect } from 'vitest';
import { formatValue } from '../../../web/src/format/value.ts';
import { graphql } from '../../generated/gql.ts';
import { FIXED_RANGE, inRange, type PageCase } from '../support/page-case.ts';
import { rowOf } from '../support/rows.ts';

const Agents = graphql(/* GraphQL */ `
  query AgentsAsked($range: TimeRangeInput!) {
    agents(first: 1) { nodes { agentId status } }
    agentCosts(range: $range, first: 1) { agentId cost }
    toolCallAnalytics(range: $range) {
      groups(first: 1, orderBy: { field: COUNT, aggregate: SUM, direction: DESC }) {
        dimensions { tool }
        stats { count }
      }
    }
  }
`);

const Agent = graphql(/* GraphQL */ `
  query AgentAsked($range: TimeRangeInput!, $agentId: String!) {
    llmCallAnalytics(range: $range, filter: { agentId: { eq: $agentId } }) { totals { count cost { sum } } }
  }
`);

const Sessions = graphql(/* GraphQL */ `
  query SessionsAsked($range: TimeRangeInput!) {
    sessions(first: 1, range: $range, orderBy: { field: COST, direction: DESC }) {
      nodes { sessionId cost llmCallCount tools { tool calls } }
    }
  }
`);

const Board = graphql(/* GraphQL */ `
  query BoardAsked {
    taskBoard { columns { status count tasks(first: 1) { taskId title } } }
  }
`);

const Commits = graphql(/* GraphQL */ `
  query CommitsAsked($range: TimeRangeInput!) {
    commitActivity(range: $range) { commits linesAdded byAgent(first: 1) { agentId commits } }
  }
`);

const Rag = graphql(/* GraphQL */ `
  query RagAsked($range: TimeRangeInput!) {
    ragOverview(range: $range) { totalQueries hitRate topPatterns { pattern count } }
  }
`);

export const agents: PageCase = {
  name: 'agents, one of which becomes active without a reload',
  path: inRange('/agents'),
  async check({ page, running }) {
    const {
      agents: found,
      agentCosts,
      toolCallAnalytics,
    } = await running.ask(Agents, { range: FIXED_RANGE });
    const row = rowOf(page, 'Agents', found.nodes[0]?.agentId);
    await expect.poll(() => row.textContent()).toContain(found.nodes[0]?.status.toLowerCase());
    const [costliest] = agentCosts;
    const spend = rowOf(page, 'Spend of agents', costliest?.agentId);
    await expect.poll(() => spend.textContent()).toContain(formatValue(costliest?.cost, 'usd', 'column'));
    const [tool] = toolCallAnalytics.groups;
    const tools = rowOf(page, 'Tools of agents', tool?.dimensions.tool);
    await expect.poll(() => tools.textContent()).toContain(formatValue(tool?.stats.count, 'count', 'column'));
    await running.query(
      /* GraphQL */ `mutation ($input: [AgentMetricInput!]!) { recordAgentMetrics(input: $input) { accepted } }`,
      { input: [{ agentId: 'seen-live', status: 'ACTIVE' }] },
    );
    await expect.poll(() => rowOf(page, 'Agents', 'seen-live').count()).toBe(1);
  },
};

export const agent: PageCase = {
  name: 'one agent',
  path: '/agents/none',
  async check({ page, running, show }) {
    await expect.poll(() => page.getByText('There is no such agent').isVisible()).toBe(true);
    const [costliest] = (await running.ask(Agents, { range: FIXED_RANGE })).agentCosts;
    const agentId = costliest?.agentId ?? '';
    await show(inRange(`/agents/${agentId}`));
    const { totals } = (await running.ask(Agent, { range: FIXED_RANGE, agentId })).llmCallAnalytics;
    const stat = (title: string) => page.locator('.stat', { hasText: title }).first();
    await expect.poll(() => stat('Model calls').textContent()).toContain(formatValue(totals.count, 'count'));
    expect(await stat('Cost').textContent()).toContain(formatValue(totals.cost.sum, 'usd'));
  },
};

export const sessions: PageCase = {
  name: 'sessions, the most expensive first',
  path: inRange('/sessions?order=dearest'),
  async check({ page, running }) {
    const [costliest] = (await running.ask(Sessions, { range: FIXED_RANGE })).sessions.nodes;
    const first = page.getByRole('table', { name: 'Sessions' }).locator('tbody tr').first();
    await expect.poll(() => first.textContent()).toContain(formatValue(costliest?.cost, 'usd', 'column'));
    expect(await first.textContent()).toContain(formatValue(costliest?.llmCallCount, 'count', 'column'));
  },
};

export const session: PageCase = {
  name: 'one session',
  path: '/sessions/none',
  async check({ page, running, show }) {
    await expect.poll(() => page.getByText('There is no such session').isVisible()).toBe(true);
    const [costliest] = (await running.ask(Sessions, { range: FIXED_RANGE })).sessions.nodes;
    await show(`/sessions/${encodeURIComponent(costliest?.sessionId ?? '')}`);
    const stat = page.locator('.stat', { hasText: 'Cost' }).first();
    await expect.poll(() => stat.textContent()).toContain(formatValue(costliest?.cost, 'usd'));
    const [tool] = costliest?.tools ?? [];
    const row = rowOf(page, 'Tools of the session', tool?.tool);
    if (tool !== undefined)
      expect(await row.textContent()).toContain(formatValue(tool.calls, 'count', 'column'));
  },
};

export const tasks: PageCase = {
  name: 'the task board, on which a task appears without a reload',
  path: '/tasks',
  async check({ page, running }) {
    const { columns } = (await running.ask(Board)).taskBoard;
    for (const { status, count } of columns) {
      const column = page.getByRole('region', { name: status ?? 'no status', exact: true });
      await expect.poll(() => column.locator('h3').textContent()).toContain(String(count));
    }
    await running.query(
      /* GraphQL */ `mutation ($input: [TaskEventInput!]!) { recordTaskEvents(input: $input) { accepted } }`,
      {
        input: [
          {
            taskId: 'SEEN-LIVE',
            eventType: 'CREATED',
            newStatus: 'backlog',
            title: 'A task that is seen live',
          },
        ],
      },
    );
    await expect.poll(() => page.getByText('A task that is seen live').count()).toBe(1);
  },
};

export const task: PageCase = {
  name: 'one task',
  path: '/tasks/none',
  async check({ page, running, show }) {
    await expect.poll(() => page.getByText('There is no such task').isVisible()).toBe(true);
    const { columns } = (await running.ask(Board)).taskBoard;
    const [first] = columns.flatMap((column) => column.tasks);
    await show(`/tasks/${encodeURIComponent(first?.taskId ?? '')}`);
    await expect.poll(() => page.locator('h1').textContent()).toContain(first?.title ?? first?.taskId);
    const history = page.getByRole('table', { name: 'History of the task' });
    await expect.poll(() => history.locator('tbody tr').count()).toBeGreaterThan(0);
  },
};

export const commits: PageCase = {
  name: 'commits',
  path: inRange('/commits'),
  async check({ page, running }) {
    const asked = (await running.ask(Commits, { range: FIXED_RANGE })).commitActivity;
    const stat = (title: string) => page.locator('.stat', { hasText: title }).first();
    await expect.poll(() => stat('Commits').textContent()).toContain(formatValue(asked.commits, 'count'));
    expect(await stat('Lines added').textContent()).toContain(formatValue(asked.linesAdded, 'count'));
    const [busiest] = asked.byAgent;
    const row = rowOf(page, 'Commits by agent', busiest?.agentId ?? 'people');
    expect(await row.textContent()).toContain(formatValue(busiest?.commits, 'count', 'column'));
  },
};

export const rag: PageCase = {
  name: 'RAG',
  path: inRange('/rag'),
  async check({ page, running }) {
    const { totalQueries, hitRate, topPatterns } = (await running.ask(Rag, { range: FIXED_RANGE }))
      .ragOverview;
    const stat = (title: string) => page.locator('.stat', { hasText: title }).first();
    await expect.poll(() => stat('Queries').textContent()).toContain(formatValue(totalQueries, 'count'));
    expect(await stat('Hit rate').textContent()).toContain(formatValue(hitRate, 'ratio'));
    const first = page.getByRole('region', { name: 'Most used patterns' }).locator('li').first();
    expect(await first.textContent()).toContain(topPatterns[0]?.pattern);
  },
};
