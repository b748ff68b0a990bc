-- AlterTable
ALTER TABLE "sessions" ADD COLUMN "tool_totals" JSONB;
