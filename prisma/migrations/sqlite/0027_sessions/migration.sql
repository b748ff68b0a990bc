-- CreateTable
CREATE TABLE "tool_calls" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "timestamp" DATETIME NOT NULL,
    "received_at" DATETIME NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "request_id" TEXT,
    "agent_id" TEXT,
    "session_id" TEXT,
    "tool" TEXT NOT NULL,
    "mcp_server" TEXT,
    "success" BOOLEAN NOT NULL,
    "decision" TEXT,
    "duration_ms" REAL,
    "error_type" TEXT,
    "tags" JSONB,
    "attributes" JSONB,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "agent_usage" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "timestamp" DATETIME NOT NULL,
    "received_at" DATETIME NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "agent_id" TEXT,
    "session_id" TEXT,
    "kind" TEXT NOT NULL,
    "amount" REAL NOT NULL,
    "tags" JSONB,
    "attributes" JSONB,

    PRIMARY KEY ("project_id", "id")
);

-- CreateIndex
CREATE INDEX "tool_calls_project_id_timestamp_idx" ON "tool_calls"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "tool_calls_project_id_request_id_idx" ON "tool_calls"("project_id", "request_id") WHERE request_id IS NOT NULL;

-- CreateIndex
CREATE INDEX "tool_calls_project_id_session_id_timestamp_idx" ON "tool_calls"("project_id", "session_id", "timestamp") WHERE session_id IS NOT NULL;

-- CreateIndex
CREATE INDEX "tool_calls_project_id_agent_id_timestamp_idx" ON "tool_calls"("project_id", "agent_id", "timestamp") WHERE agent_id IS NOT NULL;

-- CreateIndex
CREATE INDEX "agent_usage_project_id_timestamp_idx" ON "agent_usage"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "agent_usage_project_id_session_id_timestamp_idx" ON "agent_usage"("project_id", "session_id", "timestamp") WHERE session_id IS NOT NULL;

-- CreateIndex
CREATE INDEX "agent_usage_project_id_agent_id_timestamp_idx" ON "agent_usage"("project_id", "agent_id", "timestamp") WHERE agent_id IS NOT NULL;

-- CreateTable
CREATE TABLE "sessions" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "service" TEXT,
    "service_set_at" DATETIME,
    "agent_id" TEXT,
    "agent_id_set_at" DATETIME,
    "repository" TEXT,
    "repository_set_at" DATETIME,
    "branch" TEXT,
    "branch_set_at" DATETIME,
    "agent_ids" JSONB NOT NULL,
    "request_count" INTEGER NOT NULL,
    "llm_call_count" INTEGER NOT NULL,
    "failed_llm_call_count" INTEGER NOT NULL,
    "unpriced_llm_call_count" INTEGER NOT NULL,
    "tool_call_count" INTEGER NOT NULL,
    "failed_tool_call_count" INTEGER NOT NULL,
    "rejected_tool_call_count" INTEGER NOT NULL,
    "error_count" INTEGER NOT NULL,
    "total_tokens" BIGINT NOT NULL,
    "cost_nano_usd" BIGINT,
    "lines_added" REAL NOT NULL,
    "lines_removed" REAL NOT NULL,
    "commits" REAL NOT NULL,
    "pull_requests" REAL NOT NULL,
    "active_seconds" REAL NOT NULL,
    "started_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateIndex
CREATE INDEX "sessions_project_id_started_at_idx" ON "sessions"("project_id", "started_at");

-- CreateIndex
CREATE INDEX "sessions_project_id_updated_at_idx" ON "sessions"("project_id", "updated_at");

-- CreateIndex
CREATE INDEX "sessions_project_id_cost_nano_usd_idx" ON "sessions"("project_id", "cost_nano_usd");

-- CreateIndex
CREATE INDEX "sessions_project_id_agent_id_started_at_idx" ON "sessions"("project_id", "agent_id", "started_at");

-- CreateIndex
CREATE INDEX "sessions_project_id_repository_started_at_idx" ON "sessions"("project_id", "repository", "started_at");
