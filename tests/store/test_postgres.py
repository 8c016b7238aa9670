"""Postgres is reached, or the refusal says what to do and nothing of the password."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from store.errors import BadInput
from store.postgres import alone, postgres


def test_rows_are_dictionaries_and_statements_commit(postgres_database: str) -> None:
    with postgres(postgres_database) as first, postgres(postgres_database) as second:
        first.execute("CREATE TABLE seen AS SELECT 7 AS number")
        assert second.execute("SELECT number FROM seen").fetchone() == {"number": 7}


def test_a_server_that_does_not_answer_is_refused_without_its_password() -> None:
    with (
        pytest.raises(BadInput, match="The database does not answer") as refused,
        postgres("postgresql://somebody:secret-word@127.0.0.1:1/nowhere"),
    ):
        raise AssertionError("it answered")
    assert "secret-word" not in str(refused.value)


def test_one_at_a_time_is_alone_and_the_next_one_comes_after(postgres_database: str) -> None:
    order: list[str] = []

    def second() -> None:
        with postgres(postgres_database) as connection, alone(connection, "tables"):
            order.append("second")

    with ThreadPoolExecutor(1) as pool, postgres(postgres_database) as connection:
        with alone(connection, "tables"):
            waiting = pool.submit(second)
            with postgres(postgres_database) as other, alone(other, "something else"):
                order.append("first")
        waiting.result(timeout=30)
    assert order == ["first", "second"]
