-- AlterTable
ALTER TABLE "agent_activities" ADD COLUMN     "session_id" TEXT,
ADD COLUMN     "tags" JSONB;

-- AlterTable
ALTER TABLE "agent_metrics" ADD COLUMN     "tags" JSONB;

-- AlterTable
ALTER TABLE "error_logs" ADD COLUMN     "session_id" TEXT,
ADD COLUMN     "tags" JSONB;

-- AlterTable
ALTER TABLE "generations" ADD COLUMN     "tags" JSONB;

-- AlterTable
ALTER TABLE "git_commits" ADD COLUMN     "tags" JSONB;

-- AlterTable
ALTER TABLE "health_samples" ADD COLUMN     "tags" JSONB;

-- AlterTable
ALTER TABLE "llm_calls" ADD COLUMN     "audio_completion_tokens" INTEGER,
ADD COLUMN     "audio_prompt_tokens" INTEGER,
ADD COLUMN     "cache_write_prompt_tokens" INTEGER,
ADD COLUMN     "image_prompt_tokens" INTEGER,
ADD COLUMN     "prompt_version" TEXT,
ADD COLUMN     "reasoning_tokens" INTEGER,
ADD COLUMN     "service_tier" TEXT,
ADD COLUMN     "session_id" TEXT,
ADD COLUMN     "tags" JSONB,
ADD COLUMN     "tool_call_count" INTEGER,
ALTER COLUMN "latency_ms" DROP NOT NULL;

-- AlterTable
ALTER TABLE "metric_usages" ADD COLUMN     "tags" JSONB;

-- AlterTable
ALTER TABLE "rag_metrics" ADD COLUMN     "tags" JSONB;

-- AlterTable
ALTER TABLE "request_logs" ADD COLUMN     "session_id" TEXT,
ADD COLUMN     "tags" JSONB;

-- AlterTable
ALTER TABLE "task_events" ADD COLUMN     "tags" JSONB;

-- AlterTable
ALTER TABLE "technique_usages" ADD COLUMN     "tags" JSONB;

-- CreateIndex
CREATE INDEX "agent_activities_project_id_session_id_timestamp_idx" ON "agent_activities"("project_id", "session_id", "timestamp") WHERE (session_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "error_logs_project_id_session_id_timestamp_idx" ON "error_logs"("project_id", "session_id", "timestamp") WHERE (session_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "llm_calls_project_id_session_id_timestamp_idx" ON "llm_calls"("project_id", "session_id", "timestamp") WHERE (session_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "request_logs_project_id_session_id_timestamp_idx" ON "request_logs"("project_id", "session_id", "timestamp") WHERE (session_id IS NOT NULL);
