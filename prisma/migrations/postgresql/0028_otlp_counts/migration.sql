-- CreateTable
CREATE TABLE "otlp_counts" (
    "project_id" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "signal" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "detail" TEXT,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "otlp_counts_pkey" PRIMARY KEY ("project_id","sender","signal","outcome","kind")
);

-- CreateIndex
CREATE INDEX "otlp_counts_last_at_idx" ON "otlp_counts"("last_at");
