import { type GraphiqlTab, tabOf } from './tab.ts';

const atWork = /* GraphQL */ `# The current state of each agent. An agent that
# has not reported for five minutes is OFFLINE.
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

const changes = /* GraphQL */ `# Sends every agent once, then again whenever its
# status, task or branch changes. In the demo,
# agents change status about once a minute.
subscription AgentChanges {
  agentChanged {
    agentId
    status
    currentTask
    updatedAt
  }
}
`;

const board = /* GraphQL */ `# The tasks by status, with the history of the
# most recently changed ones. Subscribe to
# "taskBoardChanged" to get updates.
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

const flow = /* GraphQL */ `# Completed tasks per day, and how long tasks
# stayed in each status.
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

const commits = /* GraphQL */ `# Commits by agent, branch and day, and the newest
# commits. To import the commits of a repository,
# run "npm run collect -- git".
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

const cost = /* GraphQL */ `# The most expensive tasks of the last 7 days, and
# the cost of each release in the last 30 days.
# Model calls carry agentId, taskId and release to
# make this possible.
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

/** Agents: their state, live changes, tasks, commits, and the cost of their work. */
export const agentTab: GraphiqlTab = tabOf(
  { query: atWork },
  { query: changes },
  { query: board },
  { query: flow },
  { query: commits },
  { query: cost },
);
