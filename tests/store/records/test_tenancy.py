"""Whoever asks sees the rows of their organisation, in every table, whatever way they ask."""

import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from records_made import key_of, mapper, owned_tables, row
from sqlalchemy import delete, exists, func, insert, select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col

from benchmarks.own_postgres import own_database
from store.records import Database
from store.records.tenancy import Owned

TABLES = owned_tables()
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
NUMBERS = itertools.count(1)
NOT_OWNED = {"Organisation"}  # the organisations themselves

Both = tuple[Database, Database]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def everywhere(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """The records of all organisations, for all tests of this module: each has organisations of its own."""
    with ExitStack() as ends:
        url = ""
        if request.param == "postgres":
            cluster = request.getfixturevalue("postgres")
            url = ends.enter_context(own_database(cluster, f"tenancy_{uuid.uuid4().hex}"))
        opened = Database(tmp_path_factory.mktemp("tenancy") / "fieldmark.db", url, None)
        ends.callback(opened.close)
        yield opened


@pytest.fixture
def both(everywhere: Database) -> Both:
    """The same records as two organisations see them, of which nobody else knows."""
    number = next(NUMBERS)
    return everywhere.of(f"org_a{number}"), everywhere.of(f"org_b{number}")


def named(database: Database, key: str) -> str:
    """A key that no other test has."""
    return f"{key}-{str(database.organisation_id)[5:]}"


def add(database: Database, table: type[Owned], key: str) -> Any:
    """Add a row, and those that it refers to; its key."""
    for parent in {foreign.column.table.name for foreign in mapper(table).local_table.foreign_keys}:
        (owner,) = (each for each in TABLES if mapper(each).local_table.name == parent)
        if owner is not table:
            add(database, owner, key)
    made = row(table, named(database, key))
    database.add(made)
    return key_of(made)


def first_key(table: type[Owned]) -> Any:
    return getattr(table, mapper(table).primary_key[0].name)


def seen(session: Session, table: type[Owned]) -> dict[str, Any]:
    """What a session sees of a table, asked in every way that the code asks."""
    key, other = first_key(table), aliased(table)
    other_key = getattr(other, mapper(table).primary_key[0].name)
    ways = {
        "select": len(session.execute(select(table)).scalars().all()),
        "columns": len(session.execute(select(key)).all()),
        "count": session.execute(select(func.count()).select_from(table)).scalar_one(),
        "count of a column": session.execute(select(func.count(key))).scalar_one(),
        "alias": len(session.execute(select(other)).all()),
        "join": len(session.execute(select(table, other).join(other, key == other_key)).all()),
        "cross join": session.execute(
            select(func.count()).select_from(table).join(other, key.is_not(None))
        ).scalar_one(),
        "outer join": len(session.execute(select(key).outerjoin(other, key == other_key)).all()),
        "group": len(session.execute(select(key, func.count()).group_by(key)).all()),
        "subquery": len(session.execute(select(key).where(key.in_(select(other_key)))).all()),
        "inner select": session.execute(
            select(func.count()).select_from(select(key).subquery())
        ).scalar_one(),
        "union": len(session.execute(union_all(select(key), select(key))).all()) // 2,
        "exists": int(session.execute(select(exists().where(key.is_not(None)))).scalar_one()),
        "scalar subquery": session.execute(select(select(func.count(key)).scalar_subquery())).scalar_one(),
    }
    return ways


@every_table
def test_rows_of_another_organisation_are_seen_in_no_way(table: type[Owned], both: Both) -> None:
    theirs, mine = both
    key = add(theirs, table, "a")
    with theirs.session() as session:
        told = seen(session, table)
        assert {way: number for way, number in told.items() if number != 1} == {}
        assert session.execute(select(func.max(first_key(table)))).scalar_one() is not None
        assert session.get(table, key) is not None
    with mine.session() as session:
        told = seen(session, table)
        assert {way: number for way, number in told.items() if number != 0} == {}
        assert session.execute(select(func.max(first_key(table)))).scalar_one() is None
        assert session.get(table, key) is None


@every_table
def test_rows_of_another_organisation_are_neither_changed_nor_removed(table: type[Owned], both: Both) -> None:
    theirs, mine = both
    key = add(theirs, table, "a")
    before = theirs.get(table, key)
    assert before is not None
    change = {name: value for name, value in before.model_dump().items() if name != "organisation_id"}
    with mine.session() as session:
        assert session.execute(update(table).values(**change)).rowcount == 0  # type: ignore[attr-defined]
        assert session.execute(delete(table)).rowcount == 0  # type: ignore[attr-defined]
        by_key = delete(table).where(first_key(table) == getattr(before, first_key(table).key))
        assert session.execute(by_key).rowcount == 0  # type: ignore[attr-defined]
    kept = theirs.get(table, key)
    assert kept is not None
    assert kept.model_dump() == before.model_dump()


@every_table
def test_a_change_of_all_rows_is_one_of_the_own_rows(table: type[Owned], both: Both) -> None:
    theirs, mine = both
    add(theirs, table, "a")
    add(mine, table, "b")
    with mine.session() as session:
        assert session.execute(delete(table)).rowcount == 1  # type: ignore[attr-defined]
    with theirs.session() as session:
        assert session.execute(select(func.count()).select_from(table)).scalar_one() == 1


@every_table
def test_a_row_becomes_the_organisations_that_adds_it_whatever_it_says(
    table: type[Owned], both: Both
) -> None:
    theirs, mine = both
    add(mine, table, "a")
    with mine.session() as session:
        (made,) = session.execute(select(table)).scalars()
        made.organisation_id = str(theirs.organisation_id)  # what somebody may have put into it
    with theirs.session() as session:
        assert session.execute(select(func.count()).select_from(table)).scalar_one() == 0
    with mine.session() as session:
        assert session.execute(select(func.count()).select_from(table)).scalar_one() == 1


@every_table
def test_an_insert_statement_makes_own_rows_too(table: type[Owned], both: Both) -> None:
    theirs, mine = both
    said = row(table, named(mine, "a")).model_dump(exclude={"organisation_id"})
    if mapper(table).local_table.foreign_keys:
        pytest.skip("it refers to rows that this statement does not make")
    with mine.session() as session:
        session.execute(insert(table).values(**said))
    with mine.session() as session:
        assert session.execute(select(func.count()).select_from(table)).scalar_one() == 1
    with theirs.session() as session:
        assert session.execute(select(func.count()).select_from(table)).scalar_one() == 0


@every_table
def test_a_key_of_another_organisation_is_not_written_over(table: type[Owned], both: Both) -> None:
    theirs, mine = both
    key = add(theirs, table, "a")
    before = theirs.get(table, key)
    with pytest.raises(IntegrityError):
        mine.keep(row(table, named(theirs, "a")))
    kept = theirs.get(table, key)
    assert before is not None
    assert kept is not None
    assert kept.model_dump() == before.model_dump()


@every_table
def test_whoever_looks_after_the_house_sees_all(table: type[Owned], both: Both) -> None:
    theirs, mine = both
    add(theirs, table, "a")
    add(mine, table, "b")
    own = col(table.organisation_id).in_([theirs.organisation_id, mine.organisation_id])
    with mine.of(None).session() as session:
        assert session.execute(select(func.count()).select_from(table).where(own)).scalar_one() == 2


def test_every_table_has_an_owner_but_the_owners_themselves() -> None:
    mappers = {each.class_ for each in SQLModel._sa_registry.mappers}
    assert {each.__name__ for each in mappers if not issubclass(each, Owned)} <= NOT_OWNED
    assert len(TABLES) >= 11


def test_a_session_that_was_one_organisations_does_not_become_anothers(
    open_database: Callable[[], Database],
) -> None:
    table = TABLES[0]
    opened = open_database()
    add(opened.of("org_a0"), table, "a")
    with opened.of("org_b0").session() as session, opened.of("org_a0").session() as other:
        assert session.execute(select(func.count()).select_from(table)).scalar_one() == 0
        assert other.execute(select(func.count()).select_from(table)).scalar_one() == 1
        assert session.execute(select(func.count()).select_from(table)).scalar_one() == 0
