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
