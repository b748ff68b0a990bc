-- CreateTable
CREATE TABLE "llm_calls" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "request_id" TEXT,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "end_user" TEXT,
    "success" BOOLEAN NOT NULL,
    "status_code" INTEGER,
    "cached" BOOLEAN NOT NULL,
    "streaming" BOOLEAN NOT NULL,
    "finish_reason" TEXT,
    "error_type" TEXT,
    "error_message" TEXT,
    "prompt_tokens" INTEGER NOT NULL,
    "completion_tokens" INTEGER NOT NULL,
    "cached_prompt_tokens" INTEGER,
    "total_tokens" INTEGER NOT NULL,
    "cost_nano_usd" BIGINT,
    "cost_source" TEXT NOT NULL,
    "latency_ms" DOUBLE PRECISION NOT NULL,
    "time_to_first_token_ms" DOUBLE PRECISION,
    "time_to_last_token_ms" DOUBLE PRECISION,
    "tokens_per_second" DOUBLE PRECISION,
    "max_tokens" INTEGER,
    "temperature" DOUBLE PRECISION,
    "top_p" DOUBLE PRECISION,
    "message_count" INTEGER,
    "attributes" JSONB,

    CONSTRAINT "llm_calls_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "technique_usages" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "request_id" TEXT,
    "technique_suite" TEXT NOT NULL,
    "potency_level" INTEGER NOT NULL,
    "success" BOOLEAN NOT NULL,
    "transformers_count" INTEGER NOT NULL,
    "attributes" JSONB,

    CONSTRAINT "technique_usages_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "rollup_cells" (
    "project_id" TEXT NOT NULL,
    "dataset" TEXT NOT NULL,
    "dimension_set" TEXT NOT NULL,
    "grain" TEXT NOT NULL,
    "bucket" BIGINT NOT NULL,
    "dimension_key" TEXT NOT NULL,
    "writer" INTEGER NOT NULL,
    "row_count" BIGINT NOT NULL,
    "success_count" BIGINT NOT NULL,
    "sums" BYTEA NOT NULL,
    "histograms" BYTEA NOT NULL,

    CONSTRAINT "rollup_cells_pkey" PRIMARY KEY ("project_id","dataset","dimension_set","grain","bucket","dimension_key","writer")
);

-- CreateTable
CREATE TABLE "rollup_layouts" (
    "dataset" TEXT NOT NULL,
    "layout" TEXT NOT NULL,

    CONSTRAINT "rollup_layouts_pkey" PRIMARY KEY ("dataset")
);

-- CreateTable
CREATE TABLE "request_logs" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "request_id" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "status_code" INTEGER NOT NULL,
    "latency_ms" DOUBLE PRECISION NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "success" BOOLEAN NOT NULL,
    "attributes" JSONB,

    CONSTRAINT "request_logs_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "error_logs" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT,
    "environment" TEXT,
    "request_id" TEXT,
    "error_type" TEXT NOT NULL,
    "error_message" TEXT NOT NULL,
    "stack_trace" TEXT,
    "severity" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "attributes" JSONB,

    CONSTRAINT "error_logs_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateIndex
CREATE INDEX "llm_calls_project_id_timestamp_idx" ON "llm_calls"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "llm_calls_project_id_model_timestamp_idx" ON "llm_calls"("project_id", "model", "timestamp");

-- CreateIndex
CREATE INDEX "llm_calls_project_id_request_id_idx" ON "llm_calls"("project_id", "request_id");

-- CreateIndex
CREATE INDEX "technique_usages_project_id_timestamp_idx" ON "technique_usages"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "technique_usages_project_id_request_id_idx" ON "technique_usages"("project_id", "request_id");

-- CreateIndex
CREATE INDEX "request_logs_project_id_timestamp_idx" ON "request_logs"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "request_logs_project_id_request_id_idx" ON "request_logs"("project_id", "request_id");

-- CreateIndex
CREATE INDEX "error_logs_project_id_timestamp_idx" ON "error_logs"("project_id", "timestamp");

-- CreateIndex
CREATE INDEX "error_logs_project_id_request_id_idx" ON "error_logs"("project_id", "request_id");

-- CreateIndex
CREATE INDEX "error_logs_project_id_fingerprint_timestamp_idx" ON "error_logs"("project_id", "fingerprint", "timestamp");
