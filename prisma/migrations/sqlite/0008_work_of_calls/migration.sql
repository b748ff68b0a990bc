-- AlterTable
ALTER TABLE "llm_calls" ADD COLUMN "agent_id" TEXT;
ALTER TABLE "llm_calls" ADD COLUMN "release" TEXT;
ALTER TABLE "llm_calls" ADD COLUMN "task_id" TEXT;

-- AlterTable
ALTER TABLE "request_logs" ADD COLUMN "agent_id" TEXT;
ALTER TABLE "request_logs" ADD COLUMN "release" TEXT;
ALTER TABLE "request_logs" ADD COLUMN "task_id" TEXT;
