-- AlterTable
ALTER TABLE "webhooks" ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'WEBHOOK';
ALTER TABLE "webhooks" ADD COLUMN "previous_secret" TEXT;
ALTER TABLE "webhooks" ADD COLUMN "previous_secret_until" TIMESTAMPTZ(3);
ALTER TABLE "webhooks" ADD COLUMN "labels" JSONB;
ALTER TABLE "webhooks" ADD COLUMN "quiet_from" TEXT;
ALTER TABLE "webhooks" ADD COLUMN "quiet_until" TEXT;
ALTER TABLE "webhooks" ADD COLUMN "quiet_time_zone" TEXT NOT NULL DEFAULT 'UTC';
