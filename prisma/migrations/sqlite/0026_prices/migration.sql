-- AlterTable
ALTER TABLE "llm_calls" ADD COLUMN "cost_problem" TEXT;

-- CreateTable
CREATE TABLE "row_corrections" (
    "number" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "dataset" TEXT NOT NULL,
    "first" BIGINT NOT NULL,
    "last" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "project_prices" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "identity" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "service_tier" TEXT NOT NULL,
    "valid_from" DATETIME,
    "valid_to" DATETIME,
    "input_nano_usd" BIGINT,
    "cached_input_nano_usd" BIGINT,
    "cache_write_nano_usd" BIGINT,
    "audio_input_nano_usd" BIGINT,
    "image_input_nano_usd" BIGINT,
    "output_nano_usd" BIGINT,
    "reasoning_nano_usd" BIGINT,
    "audio_output_nano_usd" BIGINT,
    "per_call_nano_usd" BIGINT,
    "context_tiers" JSONB,
    "note" TEXT,
    "set_by" TEXT,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "cost_corrections" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "range_from" DATETIME NOT NULL,
    "range_to" DATETIME NOT NULL,
    "provider" TEXT,
    "model" TEXT,
    "dry_run" BOOLEAN NOT NULL,
    "reason" TEXT,
    "requested_by" TEXT,
    "status" TEXT NOT NULL,
    "problem" TEXT,
    "calls" BIGINT NOT NULL,
    "changed_calls" BIGINT NOT NULL,
    "cost_before_nano_usd" BIGINT NOT NULL,
    "cost_after_nano_usd" BIGINT NOT NULL,
    "unknown_before" BIGINT NOT NULL,
    "unknown_after" BIGINT NOT NULL,
    "kept_before" DATETIME,
    "ended_at" DATETIME,
    "reached_at" DATETIME,
    "reached_id" TEXT,
    "changed_day" DATETIME,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateIndex
CREATE INDEX "row_corrections_dataset_number_idx" ON "row_corrections"("dataset", "number");

-- CreateIndex
CREATE INDEX "project_prices_project_id_created_at_idx" ON "project_prices"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "project_prices_updated_at_idx" ON "project_prices"("updated_at");

-- CreateIndex
CREATE INDEX "cost_corrections_project_id_created_at_idx" ON "cost_corrections"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "cost_corrections_status_idx" ON "cost_corrections"("status");
