-- CreateTable
CREATE TABLE "otlp_counts" (
    "project_id" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "signal" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "detail" TEXT,
    "first_at" DATETIME NOT NULL,
    "last_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "sender", "signal", "outcome", "kind")
);

-- CreateIndex
CREATE INDEX "otlp_counts_last_at_idx" ON "otlp_counts"("last_at");
