-- AlterTable
ALTER TABLE "alert_rules" ADD COLUMN "evaluated_at" DATETIME;
ALTER TABLE "alert_rules" ADD COLUMN "evaluated_groups" INTEGER;
ALTER TABLE "alert_rules" ADD COLUMN "evaluated_value" REAL;
ALTER TABLE "alert_rules" ADD COLUMN "failed_at" DATETIME;
ALTER TABLE "alert_rules" ADD COLUMN "failure" TEXT;
