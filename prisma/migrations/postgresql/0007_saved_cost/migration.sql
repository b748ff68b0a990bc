-- AlterTable
ALTER TABLE "llm_calls" ADD COLUMN     "saved_cost_nano_usd" BIGINT;
