-- CreateTable
CREATE TABLE "agent_metrics" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "agent_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "current_task" TEXT,
    "cpu_usage" DOUBLE PRECISION,
    "memory_usage" DOUBLE PRECISION,
    "memory_percent" DOUBLE PRECISION,
    "uncommitted_changes" INTEGER NOT NULL,
    "uptime_seconds" DOUBLE PRECISION,
    "last_activity" TIMESTAMPTZ(3),
    "branch" TEXT,
    "attributes" JSONB,

    CONSTRAINT "agent_metrics_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "agents" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "agent_id" TEXT NOT NULL,
    "reported_status" TEXT NOT NULL,
    "current_task" TEXT,
    "branch" TEXT,
    "cpu_usage" DOUBLE PRECISION,
    "memory_usage" DOUBLE PRECISION,
    "memory_percent" DOUBLE PRECISION,
    "uncommitted_changes" INTEGER NOT NULL,
    "uptime_seconds" DOUBLE PRECISION,
    "last_activity" TIMESTAMPTZ(3),
    "service" TEXT,
    "environment" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agents_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "agent_activities" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "agent_id" TEXT NOT NULL,
    "activity_type" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "task_id" TEXT,
    "attributes" JSONB,

    CONSTRAINT "agent_activities_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "task_events" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "task_id" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "title" TEXT,
    "previous_status" TEXT,
    "new_status" TEXT,
    "assigned_to" TEXT,
    "changed_by" TEXT,
    "details" JSONB,
    "attributes" JSONB,

    CONSTRAINT "task_events_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "tasks" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "task_id" TEXT NOT NULL,
    "title" TEXT,
    "status" TEXT,
    "assigned_to" TEXT,
    "last_event_type" TEXT NOT NULL,
    "last_changed_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tasks_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "git_commits" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "commit_hash" TEXT NOT NULL,
    "short_hash" TEXT NOT NULL,
    "agent_id" TEXT,
    "author_name" TEXT,
    "author_email" TEXT,
    "message" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "files_changed" INTEGER NOT NULL,
    "lines_added" INTEGER NOT NULL,
    "lines_deleted" INTEGER NOT NULL,
    "repository" TEXT NOT NULL,
    "attributes" JSONB,

    CONSTRAINT "git_commits_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "health_samples" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "overall_status" TEXT NOT NULL,
    "api_latency_ms" DOUBLE PRECISION,
    "websocket_connections" INTEGER,
    "file_watch_events" INTEGER,
    "error_count" INTEGER NOT NULL,
    "cpu_usage" DOUBLE PRECISION,
    "memory_usage" DOUBLE PRECISION,
    "disk_usage" DOUBLE PRECISION,
    "details" JSONB,
    "attributes" JSONB,

    CONSTRAINT "health_samples_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "rag_metrics" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "total_patterns" INTEGER NOT NULL,
    "total_queries" INTEGER NOT NULL,
    "average_response_time_ms" DOUBLE PRECISION,
    "hit_rate" DOUBLE PRECISION,
    "memory_usage" DOUBLE PRECISION,
    "query_volume_last_hour" INTEGER NOT NULL,
    "top_patterns" JSONB,
    "recent_queries" JSONB,
    "attributes" JSONB,

    CONSTRAINT "rag_metrics_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateIndex
CREATE INDEX "agent_metrics_project_id_timestamp_idx" ON "agent_metrics"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "agent_metrics_project_id_agent_id_timestamp_idx" ON "agent_metrics"("project_id", "agent_id", "timestamp");

-- CreateIndex
CREATE INDEX "agents_project_id_created_at_idx" ON "agents"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "agents_project_id_updated_at_idx" ON "agents"("project_id", "updated_at");

-- CreateIndex
CREATE INDEX "agent_activities_project_id_timestamp_idx" ON "agent_activities"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "agent_activities_project_id_agent_id_timestamp_idx" ON "agent_activities"("project_id", "agent_id", "timestamp");

-- CreateIndex
CREATE INDEX "task_events_project_id_timestamp_idx" ON "task_events"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "task_events_project_id_task_id_timestamp_idx" ON "task_events"("project_id", "task_id", "timestamp");

-- CreateIndex
CREATE INDEX "task_events_project_id_assigned_to_timestamp_idx" ON "task_events"("project_id", "assigned_to", "timestamp");

-- CreateIndex
CREATE INDEX "task_events_project_id_changed_by_timestamp_idx" ON "task_events"("project_id", "changed_by", "timestamp");

-- CreateIndex
CREATE INDEX "tasks_project_id_created_at_idx" ON "tasks"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "tasks_project_id_status_updated_at_idx" ON "tasks"("project_id", "status", "updated_at");

-- CreateIndex
CREATE INDEX "git_commits_project_id_timestamp_idx" ON "git_commits"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "git_commits_project_id_agent_id_timestamp_idx" ON "git_commits"("project_id", "agent_id", "timestamp");

-- CreateIndex
CREATE INDEX "git_commits_project_id_repository_branch_timestamp_idx" ON "git_commits"("project_id", "repository", "branch", "timestamp");

-- CreateIndex
CREATE INDEX "health_samples_project_id_timestamp_idx" ON "health_samples"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "health_samples_project_id_service_environment_timestamp_idx" ON "health_samples"("project_id", "service", "environment", "timestamp");

-- CreateIndex
CREATE INDEX "rag_metrics_project_id_timestamp_idx" ON "rag_metrics"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "rag_metrics_project_id_service_environment_timestamp_idx" ON "rag_metrics"("project_id", "service", "environment", "timestamp");
