-- CreateTable
CREATE TABLE "retention_policies" (
    "project_id" TEXT NOT NULL,
    "dataset" TEXT NOT NULL,
    "row_days" INTEGER,
    "minute_days" INTEGER,
    "hour_days" INTEGER,
    "day_days" INTEGER,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "dataset")
);

-- CreateTable
CREATE TABLE "retention_horizons" (
    "project_id" TEXT NOT NULL,
    "dataset" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "dimension_set" TEXT NOT NULL,
    "instant" BIGINT NOT NULL,

    PRIMARY KEY ("project_id", "dataset", "source", "dimension_set")
);
