-- CreateIndex
CREATE INDEX "llm_calls_project_id_agent_id_timestamp_idx" ON "llm_calls"("project_id", "agent_id", "timestamp") WHERE (agent_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "llm_calls_project_id_task_id_timestamp_idx" ON "llm_calls"("project_id", "task_id", "timestamp") WHERE (task_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "llm_calls_project_id_release_timestamp_idx" ON "llm_calls"("project_id", "release", "timestamp") WHERE (release IS NOT NULL);

-- CreateIndex
CREATE INDEX "request_logs_project_id_agent_id_timestamp_idx" ON "request_logs"("project_id", "agent_id", "timestamp") WHERE (agent_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "request_logs_project_id_task_id_timestamp_idx" ON "request_logs"("project_id", "task_id", "timestamp") WHERE (task_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "request_logs_project_id_release_timestamp_idx" ON "request_logs"("project_id", "release", "timestamp") WHERE (release IS NOT NULL);
