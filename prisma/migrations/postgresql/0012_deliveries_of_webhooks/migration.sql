-- CreateIndex
CREATE INDEX "alert_deliveries_project_id_webhook_id_created_at_idx" ON "alert_deliveries"("project_id", "webhook_id", "created_at");
