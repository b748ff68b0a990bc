-- AlterTable
ALTER TABLE "agent_activities" ADD COLUMN "session_id" TEXT;
ALTER TABLE "agent_activities" ADD COLUMN "tags" JSONB;

-- AlterTable
ALTER TABLE "agent_metrics" ADD COLUMN "tags" JSONB;

-- AlterTable
ALTER TABLE "error_logs" ADD COLUMN "session_id" TEXT;
ALTER TABLE "error_logs" ADD COLUMN "tags" JSONB;

-- AlterTable
ALTER TABLE "generations" ADD COLUMN "tags" JSONB;

-- AlterTable
ALTER TABLE "git_commits" ADD COLUMN "tags" JSONB;

-- AlterTable
ALTER TABLE "health_samples" ADD COLUMN "tags" JSONB;

-- AlterTable
ALTER TABLE "metric_usages" ADD COLUMN "tags" JSONB;

-- AlterTable
ALTER TABLE "rag_metrics" ADD COLUMN "tags" JSONB;

-- AlterTable
ALTER TABLE "request_logs" ADD COLUMN "session_id" TEXT;
ALTER TABLE "request_logs" ADD COLUMN "tags" JSONB;

-- AlterTable
ALTER TABLE "task_events" ADD COLUMN "tags" JSONB;

-- AlterTable
ALTER TABLE "technique_usages" ADD COLUMN "tags" JSONB;

-- AlterTable
ALTER TABLE "llm_calls" ADD COLUMN "audio_completion_tokens" INTEGER;
ALTER TABLE "llm_calls" ADD COLUMN "audio_prompt_tokens" INTEGER;
ALTER TABLE "llm_calls" ADD COLUMN "cache_write_prompt_tokens" INTEGER;
ALTER TABLE "llm_calls" ADD COLUMN "image_prompt_tokens" INTEGER;
ALTER TABLE "llm_calls" ADD COLUMN "prompt_version" TEXT;
ALTER TABLE "llm_calls" ADD COLUMN "reasoning_tokens" INTEGER;
ALTER TABLE "llm_calls" ADD COLUMN "service_tier" TEXT;
ALTER TABLE "llm_calls" ADD COLUMN "session_id" TEXT;
ALTER TABLE "llm_calls" ADD COLUMN "tags" JSONB;
ALTER TABLE "llm_calls" ADD COLUMN "tool_call_count" INTEGER;

-- By hand: SQLite only changes the text of the schema, while a table that is made anew takes minutes, and
-- gives its rows other numbers of arrival.
ALTER TABLE "llm_calls" ALTER COLUMN "latency_ms" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "agent_activities_project_id_session_id_timestamp_idx" ON "agent_activities"("project_id", "session_id", "timestamp") WHERE session_id IS NOT NULL;

-- CreateIndex
CREATE INDEX "error_logs_project_id_session_id_timestamp_idx" ON "error_logs"("project_id", "session_id", "timestamp") WHERE session_id IS NOT NULL;

-- CreateIndex
CREATE INDEX "request_logs_project_id_session_id_timestamp_idx" ON "request_logs"("project_id", "session_id", "timestamp") WHERE session_id IS NOT NULL;

-- CreateIndex
CREATE INDEX "llm_calls_project_id_session_id_timestamp_idx" ON "llm_calls"("project_id", "session_id", "timestamp") WHERE session_id IS NOT NULL;
