"""What the doors keep: members, keys, profiles, webhooks, usage, answers under idempotency keys."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("answer_id", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("body_key", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=True),
        sa.Column("is_shown_once", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("answer_id"),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index("ix_answer_begun_at", ["begun_at"], unique=False)
        batch_op.create_index("ix_answer_organisation_id", ["organisation_id"], unique=False)

    op.create_table(
        "apikey",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("last_used_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key_id"),
    )
    with op.batch_alter_table("apikey", schema=None) as batch_op:
        batch_op.create_index("ix_apikey_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_apikey_digest", ["digest"], unique=True)
        batch_op.create_index("ix_apikey_organisation_id", ["organisation_id"], unique=False)

    op.create_table(
        "auditentry",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id"),
    )
    with op.batch_alter_table("auditentry", schema=None) as batch_op:
        batch_op.create_index("ix_auditentry_action", ["action"], unique=False)
        batch_op.create_index("ix_auditentry_actor", ["actor"], unique=False)
        batch_op.create_index("ix_auditentry_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_auditentry_organisation_id", ["organisation_id"], unique=False)

    op.create_table(
        "icpprofile",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("creator", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("profile_id"),
    )
    with op.batch_alter_table("icpprofile", schema=None) as batch_op:
        batch_op.create_index("ix_icp_profile_creator_name", ["creator", "name"], unique=False)
        batch_op.create_index("ix_icpprofile_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_icpprofile_organisation_id", ["organisation_id"], unique=False)

    op.create_table(
        "keptresult",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("result_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("headline", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("result_id"),
    )
    with op.batch_alter_table("keptresult", schema=None) as batch_op:
        batch_op.create_index("ix_keptresult_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_keptresult_kind", ["kind"], unique=False)
        batch_op.create_index("ix_keptresult_organisation_id", ["organisation_id"], unique=False)
        batch_op.create_index("ix_keptresult_warehouse", ["warehouse"], unique=False)
        batch_op.create_index("ix_keptresult_workflow_id", ["workflow_id"], unique=False)

    op.create_table(
        "member",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("oidc_subject", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("member_id"),
        sa.UniqueConstraint("organisation_id", "email", name="uq_member_email"),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index("ix_member_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_member_email", ["email"], unique=False)
        batch_op.create_index("ix_member_organisation_id", ["organisation_id"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id"),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index("ix_organisation_created_at", ["created_at"], unique=False)

    op.create_table(
        "outboxdelivery",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("endpoint_id", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("delivery_id"),
        sa.UniqueConstraint("message_id", "endpoint_id", name="uq_outboxdelivery_message_endpoint"),
    )
    with op.batch_alter_table("outboxdelivery", schema=None) as batch_op:
        batch_op.create_index("ix_outboxdelivery_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_outboxdelivery_due", ["status", "next_attempt_at"], unique=False)
        batch_op.create_index(
            "ix_outboxdelivery_of_endpoint", ["endpoint_id", "status", "next_attempt_at"], unique=False
        )
        batch_op.create_index("ix_outboxdelivery_organisation_id", ["organisation_id"], unique=False)

    op.create_table(
        "outboxmessage",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
        sa.UniqueConstraint("organisation_id", "key", name="uq_outboxmessage_key"),
    )
    with op.batch_alter_table("outboxmessage", schema=None) as batch_op:
        batch_op.create_index("ix_outboxmessage_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_outboxmessage_organisation_id", ["organisation_id"], unique=False)

    op.create_table(
        "profilerevision",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("revision_id", sa.String(), nullable=False),
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("what_changed", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("revision_id"),
        sa.UniqueConstraint("profile_id", "number", name="uq_icp_profile_revision_number"),
    )
    with op.batch_alter_table("profilerevision", schema=None) as batch_op:
        batch_op.create_index("ix_profilerevision_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_profilerevision_organisation_id", ["organisation_id"], unique=False)
        batch_op.create_index("ix_profilerevision_profile_id", ["profile_id"], unique=False)

    op.create_table(
        "signin",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("sign_in_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sign_in_id"),
    )
    with op.batch_alter_table("signin", schema=None) as batch_op:
        batch_op.create_index("ix_signin_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_signin_digest", ["digest"], unique=True)
        batch_op.create_index("ix_signin_member_id", ["member_id"], unique=False)
        batch_op.create_index("ix_signin_organisation_id", ["organisation_id"], unique=False)
        batch_op.create_index("ix_signin_seen_at", ["seen_at"], unique=False)

    op.create_table(
        "steptiming",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("tool_trace_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("milliseconds", sa.Float(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("step_id"),
    )
    with op.batch_alter_table("steptiming", schema=None) as batch_op:
        batch_op.create_index("ix_steptiming_organisation_id", ["organisation_id"], unique=False)
        batch_op.create_index("ix_steptiming_run_id", ["run_id"], unique=False)
        batch_op.create_index("ix_steptiming_started_at", ["started_at"], unique=False)
        batch_op.create_index("ix_steptiming_workflow_id", ["workflow_id"], unique=False)

    op.create_table(
        "usageentry",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("credits", sa.Float(), nullable=False),
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id"),
    )
    with op.batch_alter_table("usageentry", schema=None) as batch_op:
        batch_op.create_index("ix_usageentry_at", ["at"], unique=False)
        batch_op.create_index("ix_usageentry_organisation_id", ["organisation_id"], unique=False)
        batch_op.create_index("ix_usageentry_workflow_id", ["workflow_id"], unique=False)

    op.create_table(
        "webhookendpoint",
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("endpoint_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("old_secret", sa.String(), nullable=False),
        sa.Column("old_secret_until", sa.DateTime(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("disabled_why", sa.String(), nullable=False),
        sa.Column("failing_since", sa.DateTime(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id"),
    )
    with op.batch_alter_table("webhookendpoint", schema=None) as batch_op:
        batch_op.create_index("ix_webhookendpoint_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_webhookendpoint_organisation_id", ["organisation_id"], unique=False)

    with op.batch_alter_table("export", schema=None) as batch_op:
        batch_op.add_column(sa.Column("people", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("snapshot_id", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("platform", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("delivered_to", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("delivered_url", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("refusal", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_column("refusal")
        batch_op.drop_column("version")

    with op.batch_alter_table("export", schema=None) as batch_op:
        batch_op.drop_column("delivered_url")
        batch_op.drop_column("delivered_to")
        batch_op.drop_column("platform")
        batch_op.drop_column("snapshot_id")
        batch_op.drop_column("people")

    with op.batch_alter_table("webhookendpoint", schema=None) as batch_op:
        batch_op.drop_index("ix_webhookendpoint_organisation_id")
        batch_op.drop_index("ix_webhookendpoint_created_at")

    op.drop_table("webhookendpoint")
    with op.batch_alter_table("usageentry", schema=None) as batch_op:
        batch_op.drop_index("ix_usageentry_workflow_id")
        batch_op.drop_index("ix_usageentry_organisation_id")
        batch_op.drop_index("ix_usageentry_at")

    op.drop_table("usageentry")
    with op.batch_alter_table("steptiming", schema=None) as batch_op:
        batch_op.drop_index("ix_steptiming_workflow_id")
        batch_op.drop_index("ix_steptiming_started_at")
        batch_op.drop_index("ix_steptiming_run_id")
        batch_op.drop_index("ix_steptiming_organisation_id")

    op.drop_table("steptiming")
    with op.batch_alter_table("signin", schema=None) as batch_op:
        batch_op.drop_index("ix_signin_seen_at")
        batch_op.drop_index("ix_signin_organisation_id")
        batch_op.drop_index("ix_signin_member_id")
        batch_op.drop_index("ix_signin_digest")
        batch_op.drop_index("ix_signin_created_at")

    op.drop_table("signin")
    with op.batch_alter_table("profilerevision", schema=None) as batch_op:
        batch_op.drop_index("ix_profilerevision_profile_id")
        batch_op.drop_index("ix_profilerevision_organisation_id")
        batch_op.drop_index("ix_profilerevision_created_at")

    op.drop_table("profilerevision")
    with op.batch_alter_table("outboxmessage", schema=None) as batch_op:
        batch_op.drop_index("ix_outboxmessage_organisation_id")
        batch_op.drop_index("ix_outboxmessage_created_at")

    op.drop_table("outboxmessage")
    with op.batch_alter_table("outboxdelivery", schema=None) as batch_op:
        batch_op.drop_index("ix_outboxdelivery_organisation_id")
        batch_op.drop_index("ix_outboxdelivery_of_endpoint")
        batch_op.drop_index("ix_outboxdelivery_due")
        batch_op.drop_index("ix_outboxdelivery_created_at")

    op.drop_table("outboxdelivery")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index("ix_organisation_created_at")

    op.drop_table("organisation")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index("ix_member_organisation_id")
        batch_op.drop_index("ix_member_email")
        batch_op.drop_index("ix_member_created_at")

    op.drop_table("member")
    with op.batch_alter_table("keptresult", schema=None) as batch_op:
        batch_op.drop_index("ix_keptresult_workflow_id")
        batch_op.drop_index("ix_keptresult_warehouse")
        batch_op.drop_index("ix_keptresult_organisation_id")
        batch_op.drop_index("ix_keptresult_kind")
        batch_op.drop_index("ix_keptresult_created_at")

    op.drop_table("keptresult")
    with op.batch_alter_table("icpprofile", schema=None) as batch_op:
        batch_op.drop_index("ix_icpprofile_organisation_id")
        batch_op.drop_index("ix_icpprofile_created_at")
        batch_op.drop_index("ix_icp_profile_creator_name")

    op.drop_table("icpprofile")
    with op.batch_alter_table("auditentry", schema=None) as batch_op:
        batch_op.drop_index("ix_auditentry_organisation_id")
        batch_op.drop_index("ix_auditentry_created_at")
        batch_op.drop_index("ix_auditentry_actor")
        batch_op.drop_index("ix_auditentry_action")

    op.drop_table("auditentry")
    with op.batch_alter_table("apikey", schema=None) as batch_op:
        batch_op.drop_index("ix_apikey_organisation_id")
        batch_op.drop_index("ix_apikey_digest")
        batch_op.drop_index("ix_apikey_created_at")

    op.drop_table("apikey")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index("ix_answer_organisation_id")
        batch_op.drop_index("ix_answer_begun_at")

    op.drop_table("answer")
