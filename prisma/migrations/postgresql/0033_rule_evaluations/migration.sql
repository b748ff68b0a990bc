-- AlterTable
ALTER TABLE "alert_rules" ADD COLUMN     "evaluated_at" TIMESTAMPTZ(3),
ADD COLUMN     "evaluated_groups" INTEGER,
ADD COLUMN     "evaluated_value" DOUBLE PRECISION,
ADD COLUMN     "failed_at" TIMESTAMPTZ(3),
ADD COLUMN     "failure" TEXT;
