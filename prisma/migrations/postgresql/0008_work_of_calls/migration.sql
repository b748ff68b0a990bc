-- AlterTable
ALTER TABLE "llm_calls" ADD COLUMN     "agent_id" TEXT,
ADD COLUMN     "release" TEXT,
ADD COLUMN     "task_id" TEXT;

-- AlterTable
ALTER TABLE "request_logs" ADD COLUMN     "agent_id" TEXT,
ADD COLUMN     "release" TEXT,
ADD COLUMN     "task_id" TEXT;
