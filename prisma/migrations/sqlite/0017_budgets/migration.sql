-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN "events_per_day" INTEGER;
ALTER TABLE "api_keys" ADD COLUMN "events_per_minute" INTEGER;
ALTER TABLE "api_keys" ADD COLUMN "query_cost_per_minute" INTEGER;

-- CreateTable
CREATE TABLE "budget_windows" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "points" BIGINT NOT NULL,
    "expire" BIGINT
);

-- CreateIndex
CREATE INDEX "budget_windows_expire_idx" ON "budget_windows"("expire");
