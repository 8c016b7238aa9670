"""Do the tables look as this code expects? New ones are made, older ones are migrated (Alembic)."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlmodel import SQLModel

from store.errors import BadInput

if TYPE_CHECKING:
    from alembic.config import Config

BASELINE = "0001"  # the tables of houses that were made without migrations
HEAD = "0004"
MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_310_462_118  # of Postgres, for whoever makes or migrates the tables


def bring_up_to_date(engine: Engine) -> None:
    """Make the tables of an empty database, or migrate those of an older one; one process at a time.

    Raises BadInput where a newer Fieldmark made them.
    """
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    with engine.connect() as connection:
        _alone(connection)
        _settle(connection)
        connection.commit()


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # Begun by hand: the driver begins before a change of rows only, and tables must change whole too.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})


def _settle(connection: Connection) -> None:
    found = _revision(connection)
    if found == HEAD:  # another process was first
        return
    if found is None and not _has_tables(connection):
        _make(connection)
    elif found is None or found in _known():
        _migrate(connection, found)
    else:
        raise BadInput(
            "A newer Fieldmark made these records",
            where="FIELDMARK_HOME or FIELDMARK_DATABASE_URL",
            instead="Use that version, or another home.",
        )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _has_tables(connection: Connection) -> bool:
    return inspect(connection).has_table("trace")


def _make(connection: Connection) -> None:
    """All tables at once, which is much quicker than every migration; a test holds the two together."""
    SQLModel.metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def _migrate(connection: Connection, found: str | None) -> None:
    from alembic import command  # a tenth of a second, which only a house of an older version pays

    config = migrations_config(connection)
    if found is None:
        command.stamp(config, BASELINE)
    command.upgrade(config, HEAD)


def migrations_config(connection: Connection) -> "Config":
    """What Alembic's commands need to work on this connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _known() -> set[str]:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
