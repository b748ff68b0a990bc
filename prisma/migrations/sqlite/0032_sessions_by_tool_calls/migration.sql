-- CreateIndex
CREATE INDEX "sessions_project_id_tool_call_count_idx" ON "sessions"("project_id", "tool_call_count");
