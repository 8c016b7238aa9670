"""Every record has its organisation; calls, exports and jobs say who asked."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "analysis",
    "conversation",
    "export",
    "feedback",
    "learnedmodel",
    "modelcall",
    "run",
    "trace",
    "turn",
    "turnevent",
)
# What was made without migrations has no names for its constraints in SQLite.
NAMES = {"uq": "uq_%(table_name)s_%(column_0_name)s"}


# Person ids and sizes do not fit into the 32 bits of Postgres' integer.
LONG = {"export": ("size_bytes",), "feedback": ("person_id",)}


def _asked_by() -> sa.Column:
    return sa.Column("actor", sa.String(), nullable=False, server_default="")


def _added() -> dict[str, tuple[sa.Column, ...]]:
    return {
        "trace": (
            _asked_by(),
            sa.Column("request_bytes", sa.BigInteger(), nullable=False, server_default="0"),
            sa.Column("answer_bytes", sa.BigInteger(), nullable=False, server_default="0"),
        ),
        "export": (
            _asked_by(),
            sa.Column("revoked_at", sa.DateTime(), nullable=True),
            sa.Column("downloads", sa.Integer(), nullable=False, server_default="0"),
        ),
        "run": (_asked_by(),),
    }


def upgrade() -> None:
    if not sa.inspect(op.get_bind()).has_table("learnedmodel"):
        _make_learned_models()  # a house that had never learned had no table for it
    for table in TABLES:
        with op.batch_alter_table(table, naming_convention=NAMES) as batch:
            batch.add_column(
                sa.Column("organisation_id", sa.String(), nullable=False, server_default="local")
            )
            for column in _added().get(table, ()):
                batch.add_column(column)
            for name in LONG.get(table, ()):
                batch.alter_column(name, type_=sa.BigInteger())
            if table == "run":
                batch.drop_constraint("uq_run_warehouse", type_="unique")
                batch.create_unique_constraint(
                    "uq_run_request", ["organisation_id", "warehouse", "kind", "idempotency_key"]
                )
        op.create_index(f"ix_{table}_organisation_id", table, ["organisation_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_organisation_id", table)
        with op.batch_alter_table(table, naming_convention=NAMES) as batch:
            if table == "run":
                batch.drop_constraint("uq_run_request", type_="unique")
                batch.create_unique_constraint("uq_run_warehouse", ["warehouse", "kind", "idempotency_key"])
            for column in _added().get(table, ()):
                batch.drop_column(column.name)
            for name in LONG.get(table, ()):
                batch.alter_column(name, type_=sa.Integer())
            batch.drop_column("organisation_id")


def _make_learned_models() -> None:
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
    for column in ("created_at", "run_id", "warehouse"):
        op.create_index(f"ix_learnedmodel_{column}", "learnedmodel", [column])
