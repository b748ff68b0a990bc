import { type GraphiqlTab, tabOf } from './tab.ts';

const atWork = /* GraphQL */ `# The agents as they are now. Who has been silent
# for five minutes is OFFLINE, whatever it last
# said.
# Several operations: the run button asks which.
# Ctrl-Enter runs the one that the cursor is in.
query AgentsAtWork {
  agents(
    orderBy: { field: AGENT_ID, direction: ASC }
  ) {
    nodes {
      agentId
      status
      currentTask
      branch
      cpuUsage
      uncommittedChanges
      updatedAt
      activity(first: 3) {
        timestamp
        kind
        message
      }
      commits(first: 2) {
        shortHash
        repository
        message
      }
    }
  }
}
`;

const changes = /* GraphQL */ `# Each agent at once, then whenever its status,
# task or branch changes. In the demo, agents are
# at work.
subscription AgentChanges {
  agentChanged {
    agentId
    status
    currentTask
    updatedAt
  }
}
`;

const board = /* GraphQL */ `# The tasks by status, and what happened to the
# last changed ones. "taskBoardChanged" is the
# same, live.
query TaskBoard {
  taskBoard {
    total
    updatedAt
    columns {
      status
      count
      tasks(first: 3) {
        taskId
        title
        assignedTo
        timeInStatus {
          status
          milliseconds
        }
        history(first: 5) {
          nodes {
            timestamp
            eventType
            previousStatus
            newStatus
            changedBy
          }
        }
      }
    }
  }
}
`;

const flow = /* GraphQL */ `# Tasks completed per day, and how long tasks stay
# in each status.
query TaskVelocity {
  taskVelocity(
    days: 14
    timeZone: "Europe/Berlin"
  ) {
    start
    completed
  }
  taskStatusTimes(range: { last: "P7D" }) {
    status
    count
    medianMs
    p90Ms
  }
}
`;

const commits = /* GraphQL */ `# Who committed how much, where and when, and the
# newest commits. "npm run collect -- git" reads a
# repository.
query CommitActivity {
  commitActivity(
    range: { last: "P7D" }
    timeZone: "Europe/Berlin"
  ) {
    commits
    linesAdded
    linesDeleted
    byAgent(first: 10) {
      agentId
      commits
      linesAdded
    }
    byBranch(first: 5) {
      repository
      branch
      commits
    }
    byDay {
      start
      commits
    }
  }
  gitCommits(first: 5) {
    nodes {
      timestamp
      shortHash
      message
      repository
      branch
      agent {
        agentId
        status
      }
    }
  }
}
`;

const cost = /* GraphQL */ `# What work has cost: the dearest tasks of the
# week, and each release of the month. Calls say
# whose work they are by agentId, taskId and
# release.
query CostOfWork {
  tasks: llmCallAnalytics(
    range: { last: "P7D" }
    filter: { taskId: { ne: null } }
  ) {
    groups(
      first: 10
      orderBy: { field: COST }
    ) {
      dimensions { agentId taskId }
      stats {
        count
        cost { sum }
      }
    }
  }
  releases: llmCallAnalytics(
    range: { last: "P30D" }
  ) {
    groups(orderBy: { field: COST }) {
      dimensions { release }
      stats {
        count
        cost { sum }
        latencyMs { p95 }
      }
    }
  }
}
`;

/**
 * Agents at work: as they are, as they change, their tasks, their commits, what their work costs.
 */
export const agentTab: GraphiqlTab = tabOf(
  { query: atWork },
  { query: changes },
  { query: board },
  { query: flow },
  { query: commits },
  { query: cost },
);
