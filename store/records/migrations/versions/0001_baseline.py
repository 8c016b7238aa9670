"""The tables as they were when houses were made without migrations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "analysis",
        sa.Column("analysis_id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("snapshot_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("headline", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("analysis_id"),
    )
    op.create_index("ix_analysis_created_at", "analysis", ["created_at"], unique=False)
    op.create_index("ix_analysis_warehouse", "analysis", ["warehouse"], unique=False)
    op.create_index("ix_analysis_workflow_id", "analysis", ["workflow_id"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("memory", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("spoken_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id"),
    )
    op.create_index("ix_conversation_created_at", "conversation", ["created_at"], unique=False)
    op.create_index("ix_conversation_spoken_at", "conversation", ["spoken_at"], unique=False)
    op.create_index("ix_conversation_warehouse", "conversation", ["warehouse"], unique=False)
    op.create_table(
        "export",
        sa.Column("export_id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("export_id"),
    )
    op.create_index("ix_export_created_at", "export", ["created_at"], unique=False)
    op.create_index("ix_export_expires_at", "export", ["expires_at"], unique=False)
    op.create_index("ix_export_workflow_id", "export", ["workflow_id"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("feedback_id", sa.String(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("tool_trace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("cluster_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("feedback_id"),
    )
    op.create_index("ix_feedback_created_at", "feedback", ["created_at"], unique=False)
    op.create_index("ix_feedback_tool_trace_id", "feedback", ["tool_trace_id"], unique=False)
    op.create_index("ix_feedback_workflow_id", "feedback", ["workflow_id"], unique=False)
    op.create_table(
        "learnedmodel",
        sa.Column("model_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("data_hash", sa.String(), nullable=False),
        sa.Column("learned_until", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("model_id"),
    )
    op.create_index("ix_learnedmodel_created_at", "learnedmodel", ["created_at"], unique=False)
    op.create_index("ix_learnedmodel_run_id", "learnedmodel", ["run_id"], unique=False)
    op.create_index("ix_learnedmodel_warehouse", "learnedmodel", ["warehouse"], unique=False)
    op.create_table(
        "modelcall",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("prompt_version", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=True),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Float(), nullable=False),
        sa.Column("milliseconds", sa.Float(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("call_id"),
    )
    op.create_index("ix_modelcall_created_at", "modelcall", ["created_at"], unique=False)
    op.create_index("ix_modelcall_run_id", "modelcall", ["run_id"], unique=False)
    op.create_index("ix_modelcall_workflow_id", "modelcall", ["workflow_id"], unique=False)
    op.create_table(
        "run",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=True),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("approval", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("waiting_for", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("result_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("run_id"),
        sa.UniqueConstraint("warehouse", "kind", "idempotency_key", name="uq_run_warehouse"),
    )
    op.create_index("ix_run_created_at", "run", ["created_at"], unique=False)
    op.create_index("ix_run_status", "run", ["status"], unique=False)
    op.create_index("ix_run_warehouse", "run", ["warehouse"], unique=False)
    op.create_index("ix_run_workflow_id", "run", ["workflow_id"], unique=False)
    op.create_table(
        "trace",
        sa.Column("tool_trace_id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("snapshot_id", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("milliseconds", sa.Float(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("tool_trace_id"),
    )
    op.create_index("ix_trace_started_at", "trace", ["started_at"], unique=False)
    op.create_index("ix_trace_workflow_id", "trace", ["workflow_id"], unique=False)
    op.create_table(
        "turn",
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("follow_ups", sa.JSON(), nullable=True),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("turn_id"),
    )
    op.create_index("ix_turn_conversation_id", "turn", ["conversation_id"], unique=False)
    op.create_index("ix_turn_started_at", "turn", ["started_at"], unique=False)
    op.create_index("ix_turn_workflow_id", "turn", ["workflow_id"], unique=False)
    op.create_table(
        "turnevent",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_index("ix_turnevent_turn_id", "turnevent", ["turn_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_turnevent_turn_id", table_name="turnevent")
    op.drop_table("turnevent")
    op.drop_index("ix_turn_workflow_id", table_name="turn")
    op.drop_index("ix_turn_started_at", table_name="turn")
    op.drop_index("ix_turn_conversation_id", table_name="turn")
    op.drop_table("turn")
    op.drop_index("ix_trace_workflow_id", table_name="trace")
    op.drop_index("ix_trace_started_at", table_name="trace")
    op.drop_table("trace")
    op.drop_index("ix_run_workflow_id", table_name="run")
    op.drop_index("ix_run_warehouse", table_name="run")
    op.drop_index("ix_run_status", table_name="run")
    op.drop_index("ix_run_created_at", table_name="run")
    op.drop_table("run")
    op.drop_index("ix_modelcall_workflow_id", table_name="modelcall")
    op.drop_index("ix_modelcall_run_id", table_name="modelcall")
    op.drop_index("ix_modelcall_created_at", table_name="modelcall")
    op.drop_table("modelcall")
    op.drop_index("ix_learnedmodel_warehouse", table_name="learnedmodel")
    op.drop_index("ix_learnedmodel_run_id", table_name="learnedmodel")
    op.drop_index("ix_learnedmodel_created_at", table_name="learnedmodel")
    op.drop_table("learnedmodel")
    op.drop_index("ix_feedback_workflow_id", table_name="feedback")
    op.drop_index("ix_feedback_tool_trace_id", table_name="feedback")
    op.drop_index("ix_feedback_created_at", table_name="feedback")
    op.drop_table("feedback")
    op.drop_index("ix_export_workflow_id", table_name="export")
    op.drop_index("ix_export_expires_at", table_name="export")
    op.drop_index("ix_export_created_at", table_name="export")
    op.drop_table("export")
    op.drop_index("ix_conversation_warehouse", table_name="conversation")
    op.drop_index("ix_conversation_spoken_at", table_name="conversation")
    op.drop_index("ix_conversation_created_at", table_name="conversation")
    op.drop_table("conversation")
    op.drop_index("ix_analysis_workflow_id", table_name="analysis")
    op.drop_index("ix_analysis_warehouse", table_name="analysis")
    op.drop_index("ix_analysis_created_at", table_name="analysis")
    op.drop_table("analysis")
