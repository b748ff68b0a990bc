-- AlterTable
ALTER TABLE "webhooks" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'WEBHOOK';
ALTER TABLE "webhooks" ADD COLUMN "previous_secret" TEXT;
ALTER TABLE "webhooks" ADD COLUMN "previous_secret_until" DATETIME;
