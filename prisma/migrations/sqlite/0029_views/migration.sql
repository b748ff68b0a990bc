-- CreateTable
CREATE TABLE "saved_views" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "path" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "pinned" INTEGER,
    "created_by" TEXT,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateTable
CREATE TABLE "boards" (
    "project_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "board_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "panels" JSONB NOT NULL,
    "created_by" TEXT,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,

    PRIMARY KEY ("project_id", "id")
);

-- CreateIndex
CREATE INDEX "saved_views_project_id_created_at_idx" ON "saved_views"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "boards_project_id_created_at_idx" ON "boards"("project_id", "created_at");
