-- AlterTable
ALTER TABLE "llm_calls" ADD COLUMN "saved_cost_source" TEXT;
