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
