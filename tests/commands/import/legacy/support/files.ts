import { Sqlite } from '../../../../../src/storage/dialect/sqlite/driver.ts';

/** Writes an SQLite file in the form that one of the programs leaves. */
export function writeFile(file: string, sql: string): string {
  const database = new Sqlite(file);
  // Other programs use this default, with which SQLite checks no references.
  database.pragma('foreign_keys = off');
  database.exec(sql);
  database.close();
  return file;
}

/** The tables of the LLM API monitor, with the columns that its description names. */
export const LLM_MONITORING = `
CREATE TABLE request_logs (
  id INTEGER PRIMARY KEY, request_id VARCHAR(64) UNIQUE NOT NULL, timestamp DATETIME NOT NULL, endpoint VARCHAR(255),
  method VARCHAR(10), status_code INTEGER, latency_ms FLOAT, ip_address VARCHAR(45)
);
CREATE TABLE llm_usage (
  id INTEGER PRIMARY KEY, request_id VARCHAR(64), provider VARCHAR(64), model VARCHAR(64), tokens_used INTEGER,
  cost FLOAT, cached BOOLEAN
);
CREATE TABLE technique_usage (
  id INTEGER PRIMARY KEY, request_id VARCHAR(64), technique_suite VARCHAR(64), potency_level INTEGER,
  success BOOLEAN, transformers_count INTEGER
);
CREATE TABLE error_logs (
  id INTEGER PRIMARY KEY, request_id VARCHAR(64), error_type VARCHAR(64), error_message TEXT, stack_trace TEXT
);
INSERT INTO request_logs VALUES
  (1, 'r-1', '2026-05-04 10:00:00.250000', '/chat', 'POST', 200, 812.5, '203.0.113.7'),
  (2, 'r-2', '2026-05-04 10:01:00.000000', '/chat', 'POST', 500, 95, NULL);
INSERT INTO llm_usage VALUES (1, 'r-1', 'openai', 'gpt-4', 1200, 0.04, 0);
INSERT INTO technique_usage VALUES (1, 'r-1', 'chain', 7, 1, 3), (2, 'r-2', 'chain', 11, 0, 3);
INSERT INTO error_logs VALUES (1, 'r-2', 'Timeout', NULL, 'at main');
`;

/** The tables of the diagram generator. Its description names the tables, but few columns. */
export const DIAGRAM_GENERATIONS = `
PRAGMA journal_mode = WAL;
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, generation_id TEXT NOT NULL, timestamp TEXT NOT NULL, date TEXT,
  provider TEXT NOT NULL, diagram_type TEXT, success INTEGER NOT NULL, duration_ms REAL, error TEXT
);
CREATE TABLE architectures (generation_id TEXT PRIMARY KEY, name TEXT, spec BLOB, provider TEXT, created_at TEXT);
CREATE TABLE schema_version (version INTEGER PRIMARY KEY);
INSERT INTO events VALUES
  (1, 'g-1', '2026-05-04T10:00:00', '2026-05-04', 'aws', 'c4', 1, 4200, NULL),
  (2, 'g-2', '2026-05-04T11:00:00', '2026-05-04', 'aws', 'c4', 0, 900, 'no diagram');
INSERT INTO architectures VALUES ('g-1', 'Shop', jsonb('{"nodes":["queue"]}'), 'aws', '2026-05-04T10:00:04');
INSERT INTO schema_version VALUES (1);
`;

/** The tables of the metric catalog, as its description declares them. */
export const METRIC_CATALOG = `
CREATE TABLE metrics (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT,
    calculation TEXT,
    owner TEXT,
    data_source TEXT,
    tags TEXT,              -- JSON array
    dependencies TEXT,       -- JSON array
    test_count INTEGER DEFAULT 0,
    usage_count INTEGER DEFAULT 0,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    trust_score REAL DEFAULT 0
);
CREATE TABLE metric_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    metric_id TEXT,
    field_name TEXT,
    old_value TEXT,
    new_value TEXT,
    changed_by TEXT,
    changed_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (metric_id) REFERENCES metrics(id)
);
CREATE TABLE validation_tests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    metric_id TEXT,
    test_type TEXT,
    test_query TEXT,
    expected_result TEXT,
    last_run TIMESTAMP,
    status TEXT,
    FOREIGN KEY (metric_id) REFERENCES metrics(id)
);
CREATE TABLE metric_usage (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    metric_id TEXT,
    used_by TEXT,
    used_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    context TEXT,
    FOREIGN KEY (metric_id) REFERENCES metrics(id)
);
INSERT INTO metrics (id, name, calculation, owner, tags, dependencies, trust_score, created_at) VALUES
  ('revenue_total', 'Total Revenue', 'SUM(amount)', '@revenue-team', '["revenue","financial"]',
   '["transactions.amount"]', 75, '2026-01-03 12:00:00'),
  ('Revenue Net', 'Net revenue', NULL, NULL, NULL, NULL, 0, '2026-01-03 12:00:00');
INSERT INTO metric_history (metric_id, field_name, old_value, new_value, changed_by) VALUES
  ('revenue_total', 'calculation', 'SUM(x)', 'SUM(amount)', 'john@company.com');
INSERT INTO validation_tests (metric_id, test_type, test_query, expected_result, last_run, status) VALUES
  ('revenue_total', 'range_check', 'SELECT SUM(amount) FROM t', 'positive', '2026-01-04 08:00:00', 'passed'),
  ('unknown_metric', 'sql', 'SELECT 1', '1', NULL, NULL);
INSERT INTO metric_usage (metric_id, used_by, used_at) VALUES ('revenue_total', NULL, '2026-01-05 09:30:00');
`;

/** The tables of the proxy, as its description declares them. */
export const LLM_PROXY = `
CREATE TABLE completion_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    timestamp TEXT NOT NULL,
    success BOOLEAN NOT NULL,
    status_code INTEGER NOT NULL,
    response_time_ms INTEGER NOT NULL,
    model TEXT,
    origin TEXT,
    is_streaming BOOLEAN NOT NULL,
    max_tokens INTEGER,
    temperature REAL,
    top_p REAL,
    message_count INTEGER,
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    total_tokens INTEGER,
    finish_reason TEXT,
    time_to_first_token_ms INTEGER,
    time_to_last_token_ms INTEGER,
    tokens_per_second REAL,
    error_type TEXT,
    error_message TEXT
);
CREATE TABLE schema_version (
    version INTEGER PRIMARY KEY,
    applied_at TEXT NOT NULL
);
INSERT INTO completion_requests (timestamp, success, status_code, response_time_ms, model, origin, is_streaming,
  temperature, prompt_tokens, completion_tokens, total_tokens, finish_reason, error_type) VALUES
  ('2026-05-04T10:00:00.123456', 1, 200, 640, 'gpt-4o-mini', 'chat-ui', 1, 0.7, 1000, 200, 1200, 'stop', NULL),
  ('2026-05-04T10:00:01', 0, 503, 12, NULL, 'chat-ui', 0, NULL, NULL, NULL, NULL, NULL, 'overloaded'),
  ('2026-05-04T10:00:02', 1, 500, 12, 'gpt-4o-mini', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL),
  ('yesterday', 1, 200, 12, 'gpt-4o-mini', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO schema_version VALUES (2, '2026-01-01');
`;

/** The tables of the dashboard of agents, as its description declares them. */
export const AGENT_DASHBOARD = `
CREATE TABLE agent_metrics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id VARCHAR(20) NOT NULL,
    timestamp DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    status VARCHAR(20) NOT NULL,
    current_task VARCHAR(50),
    cpu_usage REAL,
    memory_usage INTEGER,
    memory_percent REAL,
    uncommitted_changes INTEGER DEFAULT 0,
    uptime_seconds INTEGER,
    last_activity DATETIME,
    branch VARCHAR(100),
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE task_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id VARCHAR(50) NOT NULL,
    event_type VARCHAR(30) NOT NULL, -- created, updated, completed, blocked, assigned
    previous_status VARCHAR(20),
    new_status VARCHAR(20),
    assigned_to VARCHAR(20),
    changed_by VARCHAR(20),
    details TEXT, -- JSON object with change details
    timestamp DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE git_commits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    commit_hash VARCHAR(40) NOT NULL UNIQUE,
    short_hash VARCHAR(7) NOT NULL,
    agent_id VARCHAR(20) NOT NULL,
    author_name VARCHAR(100),
    author_email VARCHAR(100),
    message TEXT,
    branch VARCHAR(100),
    files_changed INTEGER DEFAULT 0,
    lines_added INTEGER DEFAULT 0,
    lines_deleted INTEGER DEFAULT 0,
    commit_timestamp DATETIME NOT NULL,
    recorded_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE system_health (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    timestamp DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    overall_status VARCHAR(20) NOT NULL, -- healthy, degraded, unhealthy
    api_latency REAL,
    websocket_connections INTEGER,
    file_watch_events INTEGER,
    error_count INTEGER DEFAULT 0,
    cpu_usage REAL,
    memory_usage INTEGER,
    disk_usage INTEGER,
    details TEXT -- JSON with service-specific health data
);
CREATE TABLE rag_metrics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    timestamp DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    total_patterns INTEGER DEFAULT 0,
    total_queries INTEGER DEFAULT 0,
    average_response_time REAL,
    hit_rate REAL,
    memory_usage INTEGER,
    query_volume_last_hour INTEGER DEFAULT 0,
    top_patterns TEXT, -- JSON array of top patterns
    recent_queries TEXT -- JSON array of recent queries
);
CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alert_id VARCHAR(50) NOT NULL UNIQUE,
    type VARCHAR(30) NOT NULL, -- agent, task, system, performance
    severity VARCHAR(20) NOT NULL, -- info, warning, error, critical
    title VARCHAR(200) NOT NULL,
    message TEXT,
    source VARCHAR(50),
    metadata TEXT, -- JSON with alert-specific data
    acknowledged BOOLEAN DEFAULT FALSE,
    acknowledged_by VARCHAR(50),
    acknowledged_at DATETIME,
    resolved BOOLEAN DEFAULT FALSE,
    resolved_at DATETIME,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE schema_version (
    version INTEGER PRIMARY KEY,
    applied_at DATETIME DEFAULT CURRENT_TIMESTAMP,
    description TEXT
);
INSERT INTO agent_metrics (agent_id, timestamp, status, cpu_usage, memory_usage, branch) VALUES
  ('builder', '2026-05-04 10:00:00', 'active', 12.5, 104857600, 'main'),
  ('builder', '2026-05-04 10:01:00', 'sleeping', 12.5, 104857600, 'main');
INSERT INTO task_events (task_id, event_type, new_status, details, timestamp) VALUES
  ('TASK-1', 'created', 'todo', '{"points":3}', '2026-05-04 10:00:00'),
  ('TASK-1', 'completed', 'done', NULL, '2026-05-04 12:00:00');
INSERT INTO git_commits (commit_hash, short_hash, agent_id, message, branch, lines_added, commit_timestamp) VALUES
  ('0123456789abcdef0123456789abcdef01234567', '0123456', 'builder', 'Add a queue', 'main', 12,
   '2026-05-04 11:00:00');
INSERT INTO system_health (timestamp, overall_status, api_latency, cpu_usage, memory_usage) VALUES
  ('2026-05-04 10:00:00', 'healthy', 12.5, 40, 2147483648);
INSERT INTO rag_metrics (timestamp, total_queries, average_response_time, top_patterns) VALUES
  ('2026-05-04 10:00:00', 17, 3.5, '["queue"]');
INSERT INTO alerts (alert_id, type, severity, title, acknowledged, acknowledged_by, acknowledged_at, resolved,
  resolved_at, created_at) VALUES
  ('a-1', 'agent', 'critical', 'Builder is blocked', TRUE, 'mei', '2026-05-04 10:05:00', TRUE, '2026-05-04 10:09:00',
   '2026-05-04 10:04:00'),
  ('a-2', 'weather', 'info', 'It rains', FALSE, NULL, NULL, FALSE, NULL, '2026-05-04 10:04:00');
INSERT INTO schema_version (version, description) VALUES (1, 'Initial dashboard schema');
`;

/** The line for a table, in the report. */
export interface Outcome {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly firstRejected: { row: string; reason: string }[];
}
