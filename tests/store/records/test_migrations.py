"""Records of every version are brought up to date, once, and nothing of them is lost on the way."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from records_made import NOON, import_all_tables
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlmodel import SQLModel

from store.errors import BadInput
from store.records import Analysis, Database, Export, Feedback, Run, Trace
from store.records.schema import HEAD, migrations_config

V01 = Path(__file__).with_name("records_v01.sql")
ROOT = Path(__file__).parents[3]
OPEN = (
    "import sys; from pathlib import Path; from store.records import Database; sys.stdin.readline();"
    "opened = Database(Path(sys.argv[1]), sys.argv[2]); print(len(opened.traces('w')))"
)
# Rows as a house of the first version holds them: of every table something, with what is hard to keep.
ROWS = (
    "INSERT INTO trace VALUES ('t', 'w', 'find_persons', 'us', 's', '2026-03-02 12:00:00.000000', 1.5, 'ok',"
    " '', '{\"persons\": 3.5}')",
    "INSERT INTO export VALUES ('e', 'w', 'us', 'csv', 10, 2000000000, '2026-03-02 12:00:00.000000',"
    " '2026-03-03 12:00:00.000000')",
    "INSERT INTO feedback VALUES ('f', 'us', 'w', 't', 'wrong', 'ü', 7, 'c', '2026-03-02 12:00:00.000000',"
    " 'new')",
    "INSERT INTO analysis VALUES ('a', 'w', 'us', 's', '2026-03-02 12:00:00.000000', 10, 'h')",
    "INSERT INTO run (run_id, kind, warehouse, workflow_id, request_hash, approval, status, turn, attempts,"
    " worker, cancel_asked, step, done, \"of\", message, result_hash, created_at) VALUES ('r',"
    " 'analyze_customers', 'us', 'w', 'h', 'given', 'done', 1, 1, 'worker-1', false, 'tell', 1, 1, '', 'x',"
    " '2026-03-02 12:00:00.000000')",
)


@pytest.fixture
def url(tmp_path: Path, records_url: str) -> str:
    """An empty database, as SQLAlchemy names it."""
    (tmp_path / "home").mkdir()
    file = f"sqlite:///{tmp_path / 'home' / 'fieldmark.db'}"
    return records_url.replace("postgresql://", "postgresql+psycopg://") or file


def with_engine(url: str, work: Callable[[Connection], object]) -> None:
    """Do this in one transaction."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            work(connection)
    finally:
        engine.dispose()


def to(revision: str, *, down: bool = False) -> Callable[[Connection], None]:
    """Migrate to a revision."""

    def migrate(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # as the house does it: tables change whole
        (command.downgrade if down else command.upgrade)(migrations_config(connection), revision)

    return migrate


def rows_of_the_first_version(connection: Connection) -> None:
    for row in ROWS:
        connection.execute(text(row.replace(":", "\\:")))


def a_house_of_the_first_version(connection: Connection) -> None:
    """The very statements that made its tables, before there were migrations."""
    for statement in V01.read_text().split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)
    rows_of_the_first_version(connection)


def differences(connection: Connection) -> list[object]:
    import_all_tables()
    found = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    return [each for each in found if "alembic_version" not in str(each)]


def revision_of(engine: Engine) -> str:
    with engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()


def require_all_there(database: Database) -> None:
    """The rows of the first version, as the code of today reads them."""
    trace, export = database.get(Trace, "t"), database.get(Export, "e")
    feedback, run = database.get(Feedback, "f"), database.get(Run, "r")
    assert trace is not None
    assert (trace.counts, trace.started_at, trace.organisation_id) == ({"persons": 3.5}, NOON, "local")
    assert export is not None
    assert (export.size_bytes, export.rows, export.downloads) == (2_000_000_000, 10, 0)
    assert feedback is not None
    assert (feedback.message, feedback.person_id) == ("ü", 7)
    assert run is not None
    assert (run.status, run.step, run.waiting_for, run.organisation_id) == ("done", "tell", None, "local")
    assert database.get(Analysis, "a") is not None


def test_an_empty_database_gets_the_tables_that_the_code_expects(database: Database, url: str) -> None:
    import_all_tables()
    assert database.traces("w") == []
    found: list[object] = []
    with_engine(url, lambda connection: found.extend(differences(connection)))
    assert found == []


def test_the_migrations_make_the_tables_that_the_code_expects(url: str) -> None:
    with_engine(url, to("head"))
    found: list[object] = []
    with_engine(url, lambda connection: found.extend(differences(connection)))
    assert found == []


def test_the_last_migration_is_the_one_that_the_code_expects(url: str) -> None:
    with_engine(url, to("head"))
    engine = create_engine(url)
    assert revision_of(engine) == HEAD
    engine.dispose()


@pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)
def test_a_house_that_was_made_without_migrations_is_brought_up_to_date(
    open_database: Callable[[], Database], url: str
) -> None:
    with_engine(url, a_house_of_the_first_version)
    require_all_there(open_database())
    found: list[object] = []
    with_engine(url, lambda connection: found.extend(differences(connection)))
    assert found == []


@pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)
def test_the_first_revision_makes_what_the_first_version_made(url: str, tmp_path: Path) -> None:
    with_engine(url, to("0001"))
    other = f"sqlite:///{tmp_path / 'first.db'}"
    with_engine(other, a_house_of_the_first_version)
    assert shape(url) == shape(other)


def shape(url: str) -> dict[str, tuple[object, ...]]:
    """Each table's columns, key, indexes and what must differ in it."""
    engine = create_engine(url)
    look = inspect(engine)
    found = {
        name: (
            {(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(name)},
            tuple(look.get_pk_constraint(name)["constrained_columns"]),
            {(i["name"], tuple(i["column_names"])) for i in look.get_indexes(name)},
            {tuple(u["column_names"]) for u in look.get_unique_constraints(name)},
        )
        for name in look.get_table_names()
        if name != "alembic_version"
    }
    engine.dispose()
    return found


@pytest.mark.parametrize("records_url", ["sqlite"], indirect=True)
def test_a_house_that_never_learned_is_brought_up_to_date_too(
    open_database: Callable[[], Database], url: str
) -> None:
    """The first version made the table of models where its module was imported, and not every program did."""
    with_engine(url, a_house_of_the_first_version)
    with_engine(url, lambda connection: connection.exec_driver_sql("DROP TABLE learnedmodel"))
    require_all_there(open_database())


def test_rows_are_kept_on_the_way_up_down_and_up_again(
    open_database: Callable[[], Database], url: str
) -> None:
    with_engine(url, to("0001"))
    with_engine(url, rows_of_the_first_version)
    with_engine(url, to("head"))
    with_engine(url, to("0001", down=True))
    counts: dict[str, int] = {}

    def count(connection: Connection) -> None:
        for table in ("trace", "export", "feedback", "analysis", "run"):
            counts[table] = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()

    with_engine(url, count)
    assert counts == dict.fromkeys(counts, 1)
    require_all_there(open_database())


def test_down_to_nothing_leaves_no_table_and_up_again_makes_them_all(url: str) -> None:
    with_engine(url, to("head"))
    before = shape(url)
    with_engine(url, to("base", down=True))
    assert shape(url) == {}
    with_engine(url, to("head"))
    assert shape(url) == before


def test_two_processes_that_open_an_old_house_at_once_migrate_it_once(
    open_database: Callable[[], Database], url: str, records_url: str, tmp_path: Path
) -> None:
    with_engine(url, to("0001"))
    with_engine(url, rows_of_the_first_version)
    file = str(tmp_path / "home" / "fieldmark.db")
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, file, records_url],
            stdin=-1,
            stdout=-1,
            stderr=-1,
            text=True,
            cwd=ROOT,
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60) for process in started] == [("1\n", "")] * 3
    require_all_there(open_database())


def test_records_of_a_newer_version_are_refused_and_left_as_they_are(
    open_database: Callable[[], Database], url: str
) -> None:
    open_database().traces("w")
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    with_engine(url, lambda connection: connection.execute(newer))
    with pytest.raises(BadInput, match="A newer Fieldmark made these records"):
        open_database().traces("w")
    engine = create_engine(url)
    assert revision_of(engine) == "9999"
    engine.dispose()


def test_a_server_that_does_not_answer_is_refused_without_its_password(tmp_path: Path) -> None:
    away = Database(tmp_path / "x.db", "postgresql://somebody:secret-word@127.0.0.1:1/nowhere")
    with pytest.raises(BadInput, match="The database does not answer") as refused:
        away.traces("w")
    assert "secret-word" not in str(refused.value)
    assert not list(tmp_path.iterdir())
