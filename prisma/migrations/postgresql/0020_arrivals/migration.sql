-- AlterTable
ALTER TABLE "agent_activities" ADD COLUMN     "arrival" BIGINT;

-- AlterTable
ALTER TABLE "agent_metrics" ADD COLUMN     "arrival" BIGINT;

-- AlterTable
ALTER TABLE "error_logs" ADD COLUMN     "arrival" BIGINT;

-- AlterTable
ALTER TABLE "generations" ADD COLUMN     "arrival" BIGINT;

-- AlterTable
ALTER TABLE "git_commits" ADD COLUMN     "arrival" BIGINT;

-- AlterTable
ALTER TABLE "health_samples" ADD COLUMN     "arrival" BIGINT;

-- AlterTable
ALTER TABLE "llm_calls" ADD COLUMN     "arrival" BIGINT;

-- AlterTable
ALTER TABLE "metric_usages" ADD COLUMN     "arrival" BIGINT;

-- AlterTable
ALTER TABLE "rag_metrics" ADD COLUMN     "arrival" BIGINT;

-- AlterTable
ALTER TABLE "request_logs" ADD COLUMN     "arrival" BIGINT;

-- AlterTable
ALTER TABLE "task_events" ADD COLUMN     "arrival" BIGINT;

-- AlterTable
ALTER TABLE "technique_usages" ADD COLUMN     "arrival" BIGINT;

-- CreateTable
CREATE TABLE "arrivals" (
    "dataset" TEXT NOT NULL,
    "writer" INTEGER NOT NULL,
    "last" BIGINT NOT NULL,

    CONSTRAINT "arrivals_pkey" PRIMARY KEY ("dataset","writer")
);

-- CreateTable
CREATE TABLE "project_removals" (
    "number" SERIAL NOT NULL,
    "project_id" TEXT NOT NULL,

    CONSTRAINT "project_removals_pkey" PRIMARY KEY ("number")
);

-- CreateIndex
CREATE INDEX "agent_activities_arrival_idx" ON "agent_activities"("arrival") WHERE (arrival IS NOT NULL);

-- CreateIndex
CREATE INDEX "agent_metrics_arrival_idx" ON "agent_metrics"("arrival") WHERE (arrival IS NOT NULL);

-- CreateIndex
CREATE INDEX "error_logs_arrival_idx" ON "error_logs"("arrival") WHERE (arrival IS NOT NULL);

-- CreateIndex
CREATE INDEX "generations_arrival_idx" ON "generations"("arrival") WHERE (arrival IS NOT NULL);

-- CreateIndex
CREATE INDEX "git_commits_arrival_idx" ON "git_commits"("arrival") WHERE (arrival IS NOT NULL);

-- CreateIndex
CREATE INDEX "health_samples_arrival_idx" ON "health_samples"("arrival") WHERE (arrival IS NOT NULL);

-- CreateIndex
CREATE INDEX "llm_calls_arrival_idx" ON "llm_calls"("arrival") WHERE (arrival IS NOT NULL);

-- CreateIndex
CREATE INDEX "metric_usages_arrival_idx" ON "metric_usages"("arrival") WHERE (arrival IS NOT NULL);

-- CreateIndex
CREATE INDEX "rag_metrics_arrival_idx" ON "rag_metrics"("arrival") WHERE (arrival IS NOT NULL);

-- CreateIndex
CREATE INDEX "request_logs_arrival_idx" ON "request_logs"("arrival") WHERE (arrival IS NOT NULL);

-- CreateIndex
CREATE INDEX "task_events_arrival_idx" ON "task_events"("arrival") WHERE (arrival IS NOT NULL);

-- CreateIndex
CREATE INDEX "technique_usages_arrival_idx" ON "technique_usages"("arrival") WHERE (arrival IS NOT NULL);
