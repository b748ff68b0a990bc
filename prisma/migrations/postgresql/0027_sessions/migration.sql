-- CreateTable
CREATE TABLE "tool_calls" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "request_id" TEXT,
    "agent_id" TEXT,
    "session_id" TEXT,
    "tool" TEXT NOT NULL,
    "mcp_server" TEXT,
    "success" BOOLEAN NOT NULL,
    "decision" TEXT,
    "duration_ms" DOUBLE PRECISION,
    "error_type" TEXT,
    "tags" JSONB,
    "attributes" JSONB,
    "arrival" BIGINT,

    CONSTRAINT "tool_calls_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "agent_usage" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "agent_id" TEXT,
    "session_id" TEXT,
    "kind" TEXT NOT NULL,
    "amount" DOUBLE PRECISION NOT NULL,
    "tags" JSONB,
    "attributes" JSONB,
    "arrival" BIGINT,

    CONSTRAINT "agent_usage_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateIndex
CREATE INDEX "tool_calls_project_id_timestamp_idx" ON "tool_calls"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "tool_calls_project_id_request_id_idx" ON "tool_calls"("project_id", "request_id") WHERE (request_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "tool_calls_project_id_session_id_timestamp_idx" ON "tool_calls"("project_id", "session_id", "timestamp") WHERE (session_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "tool_calls_project_id_agent_id_timestamp_idx" ON "tool_calls"("project_id", "agent_id", "timestamp") WHERE (agent_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "tool_calls_arrival_idx" ON "tool_calls"("arrival") WHERE (arrival IS NOT NULL);

-- CreateIndex
CREATE INDEX "agent_usage_project_id_timestamp_idx" ON "agent_usage"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "agent_usage_project_id_session_id_timestamp_idx" ON "agent_usage"("project_id", "session_id", "timestamp") WHERE (session_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "agent_usage_project_id_agent_id_timestamp_idx" ON "agent_usage"("project_id", "agent_id", "timestamp") WHERE (agent_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "agent_usage_arrival_idx" ON "agent_usage"("arrival") WHERE (arrival IS NOT NULL);

-- CreateTable
CREATE TABLE "sessions" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "session_id" TEXT NOT NULL,
    "service" TEXT,
    "service_set_at" TIMESTAMPTZ(3),
    "agent_id" TEXT,
    "agent_id_set_at" TIMESTAMPTZ(3),
    "repository" TEXT,
    "repository_set_at" TIMESTAMPTZ(3),
    "branch" TEXT,
    "branch_set_at" TIMESTAMPTZ(3),
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
    "lines_added" DOUBLE PRECISION NOT NULL,
    "lines_removed" DOUBLE PRECISION NOT NULL,
    "commits" DOUBLE PRECISION NOT NULL,
    "pull_requests" DOUBLE PRECISION NOT NULL,
    "active_seconds" DOUBLE PRECISION NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("project_id","id")
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
