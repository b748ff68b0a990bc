-- AlterTable
ALTER TABLE "alert_rules" ADD COLUMN     "slo_id" TEXT;

-- CreateTable
CREATE TABLE "slos" (
    "project_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "slo_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "metric_id" TEXT,
    "dataset" TEXT NOT NULL,
    "filter" JSONB,
    "good" JSONB,
    "objective" DOUBLE PRECISION NOT NULL,
    "window" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "slos_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateIndex
CREATE INDEX "slos_project_id_created_at_idx" ON "slos"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "slos_project_id_metric_id_created_at_idx" ON "slos"("project_id", "metric_id", "created_at");

-- CreateIndex
CREATE INDEX "alert_rules_project_id_slo_id_created_at_idx" ON "alert_rules"("project_id", "slo_id", "created_at");
