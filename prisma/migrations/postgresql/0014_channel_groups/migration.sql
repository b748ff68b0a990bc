-- AlterTable
ALTER TABLE "webhooks" ADD COLUMN     "group_wait" TEXT;

-- CreateIndex
CREATE INDEX "alert_deliveries_project_id_alert_id_webhook_id_status_idx" ON "alert_deliveries"("project_id", "alert_id", "webhook_id", "status");
