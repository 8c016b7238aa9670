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


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, naming_convention=NAMES) as batch:
            batch.add_column(
                sa.Column("organisation_id", sa.String(), nullable=False, server_default="local")
            )
            for column in COLUMNS.get(table, ()):
                batch.add_column(column.copy())
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
            for column in COLUMNS.get(table, ()):
                batch.drop_column(column.name)
            batch.drop_column("organisation_id")


COLUMNS: dict[str, tuple[sa.Column, ...]] = {
    "trace": (
        sa.Column("actor", sa.String(), nullable=False, server_default=""),
        sa.Column("request_bytes", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("answer_bytes", sa.BigInteger(), nullable=False, server_default="0"),
    ),
    "export": (
        sa.Column("actor", sa.String(), nullable=False, server_default=""),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("downloads", sa.Integer(), nullable=False, server_default="0"),
    ),
    "run": (sa.Column("actor", sa.String(), nullable=False, server_default=""),),
}
# Person ids and sizes do not fit into the 32 bits of Postgres' integer.
LONG = {"export": ("size_bytes",), "feedback": ("person_id",)}
