"""From what was the result of a run made, so that it can be made again?"""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Column, Field, col, select

from store.records.database import Database
from store.records.tables import time_column
from store.records.tenancy import Owned


class Recipe(Owned, table=True):
    """What a run was made from, and the digest of what came of it."""

    run_id: str = Field(primary_key=True)
    kind: str = Field(index=True)  # the tool
    warehouse: str = Field(index=True)
    made_from: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    result_hash: str
    created_at: datetime = Field(sa_column=time_column())


def add_recipe(database: Database, recipe: Recipe) -> None:
    """Keep the recipe of a run that has ended; keeping it again changes nothing."""
    with database.session() as session:
        if session.get(Recipe, recipe.run_id) is None:
            session.add(recipe)


def recipe_named(database: Database, run_id: str) -> Recipe | None:
    """The recipe of this run, or None: it is older than recipes, or there is no such run."""
    return database.get(Recipe, run_id)


def recipes_ending(database: Database, ending: str) -> list[Recipe]:
    """Recipes of the runs whose ids end like this, the oldest first: a run and those that it began."""
    with database.session() as session:
        found = select(Recipe).where(col(Recipe.run_id).endswith(ending, autoescape=True))
        return list(session.exec(found.order_by(col(Recipe.created_at), col(Recipe.run_id))))


def rows_of(database: Database, table: Any, warehouse: str, columns: tuple[str, ...]) -> list[list[Any]]:
    """These columns of every row of a table that is of this warehouse, in the order of the first of them."""
    with database.session() as session:
        found = session.exec(select(table).where(table.warehouse == warehouse))
        rows = [[getattr(row, name) for name in columns] for row in found]
    return sorted(rows, key=lambda row: row[0])
