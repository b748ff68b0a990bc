-- CreateTable
CREATE TABLE "arrivals" (
    "dataset" TEXT NOT NULL,
    "writer" INTEGER NOT NULL,
    "last" BIGINT NOT NULL,

    PRIMARY KEY ("dataset", "writer")
);

-- CreateTable
CREATE TABLE "project_removals" (
    "number" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "project_id" TEXT NOT NULL
);

-- The number of an event is its rowid.
INSERT INTO "arrivals" ("dataset", "writer", "last")
SELECT 'agentActivities', 0, coalesce(max(rowid), 0) FROM "agent_activities"
UNION ALL SELECT 'agentMetrics', 0, coalesce(max(rowid), 0) FROM "agent_metrics"
UNION ALL SELECT 'errorLogs', 0, coalesce(max(rowid), 0) FROM "error_logs"
UNION ALL SELECT 'generations', 0, coalesce(max(rowid), 0) FROM "generations"
UNION ALL SELECT 'gitCommits', 0, coalesce(max(rowid), 0) FROM "git_commits"
UNION ALL SELECT 'healthSamples', 0, coalesce(max(rowid), 0) FROM "health_samples"
UNION ALL SELECT 'llmCalls', 0, coalesce(max(rowid), 0) FROM "llm_calls"
UNION ALL SELECT 'metricUsages', 0, coalesce(max(rowid), 0) FROM "metric_usages"
UNION ALL SELECT 'ragMetrics', 0, coalesce(max(rowid), 0) FROM "rag_metrics"
UNION ALL SELECT 'requestLogs', 0, coalesce(max(rowid), 0) FROM "request_logs"
UNION ALL SELECT 'taskEvents', 0, coalesce(max(rowid), 0) FROM "task_events"
UNION ALL SELECT 'techniqueUsages', 0, coalesce(max(rowid), 0) FROM "technique_usages";
