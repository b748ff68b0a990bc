-- AlterTable
ALTER TABLE "projects" ADD COLUMN "ip_addresses" TEXT NOT NULL DEFAULT 'FULL';
