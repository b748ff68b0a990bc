-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "events_per_day" INTEGER,
ADD COLUMN     "events_per_minute" INTEGER,
ADD COLUMN     "query_cost_per_minute" INTEGER;

-- CreateTable
CREATE TABLE "budget_windows" (
    "key" TEXT NOT NULL,
    "points" BIGINT NOT NULL,
    "expire" BIGINT,

    CONSTRAINT "budget_windows_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "budget_windows_expire_idx" ON "budget_windows"("expire");
