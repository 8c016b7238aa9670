CREATE TABLE analysis (
	analysis_id VARCHAR NOT NULL, 
	workflow_id VARCHAR NOT NULL, 
	warehouse VARCHAR NOT NULL, 
	snapshot_id VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	customers INTEGER NOT NULL, 
	headline VARCHAR NOT NULL, 
	PRIMARY KEY (analysis_id)
);
CREATE TABLE conversation (
	conversation_id VARCHAR NOT NULL, 
	warehouse VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	memory JSON, 
	created_at DATETIME NOT NULL, 
	spoken_at DATETIME NOT NULL, 
	PRIMARY KEY (conversation_id)
);
CREATE TABLE export (
	export_id VARCHAR NOT NULL, 
	workflow_id VARCHAR NOT NULL, 
	warehouse VARCHAR NOT NULL, 
	format VARCHAR NOT NULL, 
	rows INTEGER NOT NULL, 
	size_bytes INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	PRIMARY KEY (export_id)
);
CREATE TABLE feedback (
	feedback_id VARCHAR NOT NULL, 
	warehouse VARCHAR NOT NULL, 
	workflow_id VARCHAR NOT NULL, 
	tool_trace_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	person_id INTEGER, 
	cluster_hash VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	status VARCHAR NOT NULL, 
	PRIMARY KEY (feedback_id)
);
CREATE TABLE learnedmodel (
	model_id VARCHAR NOT NULL, 
	run_id VARCHAR NOT NULL, 
	warehouse VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	why JSON, 
	figures JSON, 
	data_hash VARCHAR NOT NULL, 
	learned_until DATETIME, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (model_id)
);
CREATE TABLE modelcall (
	call_id VARCHAR NOT NULL, 
	run_id VARCHAR NOT NULL, 
	workflow_id VARCHAR NOT NULL, 
	warehouse VARCHAR NOT NULL, 
	told VARCHAR NOT NULL, 
	attempt INTEGER NOT NULL, 
	prompt VARCHAR NOT NULL, 
	prompt_version VARCHAR NOT NULL, 
	model VARCHAR NOT NULL, 
	facts JSON, 
	answer VARCHAR NOT NULL, 
	outcome VARCHAR NOT NULL, 
	reasons JSON, 
	tokens_in INTEGER NOT NULL, 
	tokens_out INTEGER NOT NULL, 
	cost FLOAT NOT NULL, 
	milliseconds FLOAT NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (call_id)
);
CREATE TABLE run (
	run_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	warehouse VARCHAR NOT NULL, 
	workflow_id VARCHAR NOT NULL, 
	idempotency_key VARCHAR, 
	request_hash VARCHAR NOT NULL, 
	approval VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	worker VARCHAR NOT NULL, 
	cancel_asked BOOLEAN NOT NULL, 
	step VARCHAR NOT NULL, 
	done INTEGER NOT NULL, 
	"of" INTEGER NOT NULL, 
	count INTEGER, 
	waiting_for JSON, 
	answer JSON, 
	message VARCHAR NOT NULL, 
	result_hash VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	started_at DATETIME, 
	ended_at DATETIME, 
	PRIMARY KEY (run_id), 
	UNIQUE (warehouse, kind, idempotency_key)
);
CREATE TABLE trace (
	tool_trace_id VARCHAR NOT NULL, 
	workflow_id VARCHAR NOT NULL, 
	tool VARCHAR NOT NULL, 
	warehouse VARCHAR NOT NULL, 
	snapshot_id VARCHAR NOT NULL, 
	started_at DATETIME NOT NULL, 
	milliseconds FLOAT NOT NULL, 
	outcome VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	counts JSON, 
	PRIMARY KEY (tool_trace_id)
);
CREATE TABLE turn (
	turn_id VARCHAR NOT NULL, 
	conversation_id VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	message VARCHAR NOT NULL, 
	file VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	"plan" JSON, 
	text VARCHAR NOT NULL, 
	follow_ups JSON, 
	workflow_id VARCHAR NOT NULL, 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	PRIMARY KEY (turn_id)
);
CREATE TABLE turnevent (
	event_id VARCHAR NOT NULL, 
	turn_id VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	body JSON, 
	PRIMARY KEY (event_id)
);
CREATE INDEX ix_analysis_created_at ON analysis (created_at);
CREATE INDEX ix_analysis_warehouse ON analysis (warehouse);
CREATE INDEX ix_analysis_workflow_id ON analysis (workflow_id);
CREATE INDEX ix_conversation_created_at ON conversation (created_at);
CREATE INDEX ix_conversation_spoken_at ON conversation (spoken_at);
CREATE INDEX ix_conversation_warehouse ON conversation (warehouse);
CREATE INDEX ix_export_created_at ON export (created_at);
CREATE INDEX ix_export_expires_at ON export (expires_at);
CREATE INDEX ix_export_workflow_id ON export (workflow_id);
CREATE INDEX ix_feedback_created_at ON feedback (created_at);
CREATE INDEX ix_feedback_tool_trace_id ON feedback (tool_trace_id);
CREATE INDEX ix_feedback_workflow_id ON feedback (workflow_id);
CREATE INDEX ix_learnedmodel_created_at ON learnedmodel (created_at);
CREATE INDEX ix_learnedmodel_run_id ON learnedmodel (run_id);
CREATE INDEX ix_learnedmodel_warehouse ON learnedmodel (warehouse);
CREATE INDEX ix_modelcall_created_at ON modelcall (created_at);
CREATE INDEX ix_modelcall_run_id ON modelcall (run_id);
CREATE INDEX ix_modelcall_workflow_id ON modelcall (workflow_id);
CREATE INDEX ix_run_created_at ON run (created_at);
CREATE INDEX ix_run_status ON run (status);
CREATE INDEX ix_run_warehouse ON run (warehouse);
CREATE INDEX ix_run_workflow_id ON run (workflow_id);
CREATE INDEX ix_trace_started_at ON trace (started_at);
CREATE INDEX ix_trace_workflow_id ON trace (workflow_id);
CREATE INDEX ix_turn_conversation_id ON turn (conversation_id);
CREATE INDEX ix_turn_started_at ON turn (started_at);
CREATE INDEX ix_turn_workflow_id ON turn (workflow_id);
CREATE INDEX ix_turnevent_turn_id ON turnevent (turn_id);
