-- CreateTable
CREATE TABLE "alerts" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
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
    "value" REAL,
    "threshold" REAL,
    "acknowledged_by" TEXT,
    "acknowledged_at" DATETIME,
    "resolved_by" TEXT,
    "resolved_at" DATETIME,
    "resolution" TEXT,
    "raised_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "alert_counters" (
    "project_id" TEXT NOT NULL PRIMARY KEY,
    "last" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "alert_rules" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "type" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "dataset" TEXT NOT NULL,
    "filter" JSONB,
    "aggregate" TEXT NOT NULL,
    "measure" TEXT,
    "quantile" REAL,
    "group_by" JSONB NOT NULL,
    "comparator" TEXT NOT NULL,
    "warning" REAL,
    "critical" REAL,
    "window" TEXT NOT NULL,
    "for" TEXT NOT NULL,
    "minimum_count" INTEGER NOT NULL,
    "absent" TEXT NOT NULL,
    "recover_after" TEXT NOT NULL,
    "renotify" TEXT,
    "webhooks" JSONB NOT NULL,
    "problem" TEXT,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "alert_states" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "warning_since" DATETIME,
    "critical_since" DATETIME,
    "absent_since" DATETIME,
    "well_since" DATETIME,
    "alert_id" TEXT,
    "severity" TEXT,
    "fired_at" DATETIME,
    "notified_at" DATETIME,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "webhooks" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "description" TEXT,
    "enabled" BOOLEAN NOT NULL,
    "min_severity" TEXT NOT NULL,
    "types" JSONB NOT NULL,
    "secret" TEXT NOT NULL,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "alert_deliveries" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "alert_id" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "scheduled_at" DATETIME NOT NULL,
    "claimed_until" DATETIME,
    "started_at" DATETIME,
    "duration_ms" INTEGER,
    "status_code" INTEGER,
    "error" TEXT,
    "response_body" TEXT,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "leases" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "holder" TEXT NOT NULL,
    "expires_at" DATETIME NOT NULL
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
