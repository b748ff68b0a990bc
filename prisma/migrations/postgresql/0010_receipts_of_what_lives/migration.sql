-- CreateIndex
CREATE INDEX "agent_metrics_project_id_agent_id_received_at_timestamp_idx" ON "agent_metrics"("project_id", "agent_id", "received_at", "timestamp");

-- CreateIndex
CREATE INDEX "health_samples_project_id_service_environment_received_at_t_idx" ON "health_samples"("project_id", "service", "environment", "received_at", "timestamp");

-- CreateIndex
CREATE INDEX "rag_metrics_project_id_service_environment_received_at_time_idx" ON "rag_metrics"("project_id", "service", "environment", "received_at", "timestamp");

-- CreateIndex
CREATE INDEX "task_events_project_id_task_id_received_at_timestamp_idx" ON "task_events"("project_id", "task_id", "received_at", "timestamp");
