-- CreateTable
CREATE TABLE "metrics" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "metric_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "calculation" TEXT,
    "owner" TEXT,
    "data_source" TEXT,
    "tags" JSONB NOT NULL,
    "dependencies" JSONB NOT NULL,
    "trust_score" REAL NOT NULL,
    "test_count" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "metric_changes" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "metric_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "field" TEXT NOT NULL,
    "old_value" JSONB,
    "new_value" JSONB,
    "changed_by" TEXT NOT NULL,
    "comment" TEXT,
    "reverted_to" INTEGER,
    "changed_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "validation_tests" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "metric_id" TEXT NOT NULL,
    "name" TEXT,
    "test_type" TEXT NOT NULL,
    "test_query" TEXT NOT NULL,
    "expected_result" JSONB,
    "status" TEXT NOT NULL,
    "last_run" DATETIME,
    "message" TEXT,
    "difference" JSONB,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "metric_usages" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "timestamp" DATETIME NOT NULL,
    "received_at" DATETIME NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "metric_id" TEXT NOT NULL,
    "used_by" TEXT NOT NULL,
    "context" TEXT,
    "attributes" JSONB,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "generations" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "timestamp" DATETIME NOT NULL,
    "received_at" DATETIME NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "request_id" TEXT,
    "generation_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT,
    "kind" TEXT NOT NULL,
    "success" BOOLEAN NOT NULL,
    "duration_ms" REAL NOT NULL,
    "cost_nano_usd" BIGINT,
    "total_tokens" INTEGER,
    "end_user" TEXT,
    "error_type" TEXT,
    "error_message" TEXT,
    "attributes" JSONB,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "architectures" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "generation_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "spec" JSONB NOT NULL,
    "spec_text" TEXT NOT NULL,
    "provider" TEXT,
    "model" TEXT,
    "kind" TEXT,
    "end_user" TEXT,
    "tags" JSONB NOT NULL,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateIndex
CREATE INDEX "metrics_project_id_created_at_idx" ON "metrics"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "metrics_project_id_owner_idx" ON "metrics"("project_id", "owner");

-- CreateIndex
CREATE INDEX "metric_changes_project_id_metric_id_changed_at_idx" ON "metric_changes"("project_id", "metric_id", "changed_at");

-- CreateIndex
CREATE INDEX "validation_tests_project_id_metric_id_created_at_idx" ON "validation_tests"("project_id", "metric_id", "created_at");

-- CreateIndex
CREATE INDEX "metric_usages_project_id_timestamp_idx" ON "metric_usages"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "metric_usages_project_id_metric_id_timestamp_idx" ON "metric_usages"("project_id", "metric_id", "timestamp");

-- CreateIndex
CREATE INDEX "generations_project_id_timestamp_idx" ON "generations"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "generations_project_id_provider_timestamp_idx" ON "generations"("project_id", "provider", "timestamp");

-- CreateIndex
CREATE INDEX "generations_project_id_request_id_idx" ON "generations"("project_id", "request_id");

-- CreateIndex
CREATE INDEX "architectures_project_id_created_at_idx" ON "architectures"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "architectures_project_id_provider_created_at_idx" ON "architectures"("project_id", "provider", "created_at");

-- CreateIndex
CREATE INDEX "architectures_project_id_end_user_created_at_idx" ON "architectures"("project_id", "end_user", "created_at");
