-- DropIndex
DROP INDEX "generations_project_id_provider_timestamp_idx";

-- DropIndex
DROP INDEX "llm_calls_project_id_model_timestamp_idx";
