-- CreateTable
CREATE TABLE "alerts" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "alert_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "change_sequence" INTEGER,
    "type" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "message" TEXT,
    "source" TEXT,
    "metadata" JSONB,
    "rule_id" TEXT,
    "labels" JSONB,
    "value" DOUBLE PRECISION,
    "threshold" DOUBLE PRECISION,
    "acknowledged_by" TEXT,
    "acknowledged_at" TIMESTAMPTZ(3),
    "resolved_by" TEXT,
    "resolved_at" TIMESTAMPTZ(3),
    "resolution" TEXT,
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "alerts_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "alert_counters" (
    "project_id" TEXT NOT NULL,
    "last" INTEGER NOT NULL,

    CONSTRAINT "alert_counters_pkey" PRIMARY KEY ("project_id")
);

-- CreateTable
CREATE TABLE "alert_rules" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "rule_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "type" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "dataset" TEXT NOT NULL,
    "filter" JSONB,
    "aggregate" TEXT NOT NULL,
    "measure" TEXT,
    "quantile" DOUBLE PRECISION,
    "group_by" JSONB NOT NULL,
    "comparator" TEXT NOT NULL,
    "warning" DOUBLE PRECISION,
    "critical" DOUBLE PRECISION,
    "window" TEXT NOT NULL,
    "for" TEXT NOT NULL,
    "minimum_count" INTEGER NOT NULL,
    "absent" TEXT NOT NULL,
    "recover_after" TEXT NOT NULL,
    "renotify" TEXT,
    "webhooks" JSONB NOT NULL,
    "problem" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "alert_rules_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "alert_states" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "rule_id" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "warning_since" TIMESTAMPTZ(3),
    "critical_since" TIMESTAMPTZ(3),
    "absent_since" TIMESTAMPTZ(3),
    "well_since" TIMESTAMPTZ(3),
    "alert_id" TEXT,
    "severity" TEXT,
    "fired_at" TIMESTAMPTZ(3),
    "notified_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_states_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "webhooks" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT,
    "enabled" BOOLEAN NOT NULL,
    "min_severity" TEXT NOT NULL,
    "types" JSONB NOT NULL,
    "secret" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "alert_deliveries" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "alert_id" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "scheduled_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_until" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "duration_ms" INTEGER,
    "status_code" INTEGER,
    "error" TEXT,
    "response_body" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "alert_deliveries_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "leases" (
    "name" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "leases_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "alerts_project_id_sequence_idx" ON "alerts"("project_id", "sequence");

-- CreateIndex
CREATE INDEX "alerts_project_id_change_sequence_idx" ON "alerts"("project_id", "change_sequence");

-- CreateIndex
CREATE INDEX "alerts_project_id_raised_at_idx" ON "alerts"("project_id", "raised_at");

-- CreateIndex
CREATE INDEX "alerts_project_id_status_raised_at_idx" ON "alerts"("project_id", "status", "raised_at");

-- CreateIndex
CREATE INDEX "alerts_project_id_rule_id_raised_at_idx" ON "alerts"("project_id", "rule_id", "raised_at");

-- CreateIndex
CREATE INDEX "alert_rules_project_id_created_at_idx" ON "alert_rules"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "alert_rules_enabled_idx" ON "alert_rules"("enabled");

-- CreateIndex
CREATE INDEX "alert_states_project_id_rule_id_idx" ON "alert_states"("project_id", "rule_id");

-- CreateIndex
CREATE INDEX "webhooks_project_id_created_at_idx" ON "webhooks"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "alert_deliveries_project_id_created_at_idx" ON "alert_deliveries"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "alert_deliveries_project_id_alert_id_created_at_idx" ON "alert_deliveries"("project_id", "alert_id", "created_at");

-- CreateIndex
CREATE INDEX "alert_deliveries_status_project_id_webhook_id_scheduled_at_idx" ON "alert_deliveries"("status", "project_id", "webhook_id", "scheduled_at");
