-- CreateTable
CREATE TABLE "retention_runs" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "started_at" DATETIME NOT NULL,
    "ended_at" DATETIME,
    "noted_at" DATETIME NOT NULL,
    "started_by" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "removed" JSONB NOT NULL,
    "error" TEXT
);

-- CreateIndex
CREATE INDEX "retention_runs_started_at_idx" ON "retention_runs"("started_at");
