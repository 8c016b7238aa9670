"""What is the table of a chunk? Every column of attributes.csv for the people of one chunk."""

import numpy as np
import pyarrow as pa

from store.synthetic.persons.blueprint import Blueprint, Drawn, draw_chunk
from store.synthetic.persons.columns.coded import category, flag, number
from store.synthetic.persons.columns.contacts import with_contacts
from store.synthetic.persons.columns.described import (
    demographic_columns,
    employment_columns,
    financial_columns,
    household_columns,
    party_column,
    shares,
)
from store.synthetic.persons.columns.reached import (
    identifier_columns,
    name_columns,
    place_columns,
    record_columns,
)
from store.synthetic.persons.draws import topics, traits
from store.synthetic.persons.draws.factors import FACTORS
from store.synthetic.persons.draws.incomes import apparel_spend
from store.synthetic.tables import attributes


def chunk_table(plan: Blueprint, chunk: int) -> pa.Table:
    """The persons of a chunk, in the order of their numbers."""
    drawn = draw_chunk(plan, chunk)
    names = name_columns(drawn)
    flags = traits.draw_flags(drawn.rng, plan.traits, drawn.factors, drawn.households.head_row)
    columns = {
        **record_columns(drawn),
        **names,
        **identifier_columns(plan, drawn, names),
        **place_columns(plan, drawn),
        **demographic_columns(drawn),
        **household_columns(drawn),
        **financial_columns(drawn, flags["is_home_owner"]),
        **employment_columns(drawn),
        "political_party_affiliation": party_column(drawn),
        **{name: flag(holds) for name, holds in flags.items()},
        **_affinity_columns(plan, drawn),
        "apparel_purchases_total_spend": _apparel_column(drawn, flags["purchased_clothing"]),
        **_list_columns(plan, drawn),
    }
    columns = with_contacts(columns, drawn.first_person)
    return pa.table({attribute.name: columns.pop(attribute.name) for attribute in attributes()})


def _affinity_columns(plan: Blueprint, drawn: Drawn) -> dict[str, pa.Array]:
    levels, share = traits.draw_affinities(drawn.rng, plan.traits, drawn.factors), shares()
    return {
        name: category(level, traits.AFFINITY_LEVELS, drawn.known(share[name]))
        for name, level in levels.items()
    }


def _apparel_column(drawn: Drawn, buys: np.ndarray) -> pa.Array:
    style, income = (drawn.factors[:, FACTORS.index(name)] for name in ("style", "income"))
    return number(apparel_spend(drawn.rng, style, income), buys)


def _list_columns(plan: Blueprint, drawn: Drawn) -> dict[str, pa.Array]:
    """What people read, look up and are in the market for: the categories are those of the topics."""
    size, share = len(drawn.people), shares()
    mean = {a.name: float(a.detail[0]) for a in attributes() if a.kind == "list" and a.detail}
    content = topics.draw_pairs(
        drawn.rng, plan.content, drawn.factors, mean["content"], drawn.known(share["content"])
    )
    rows, codes = topics.draw_pairs(
        drawn.rng, plan.topics, drawn.factors, mean["intent_topic"], drawn.known(share["intent_topic"])
    )
    categories = topics.distinct_pairs(rows, plan.category_of_topic[codes], len(plan.intent_categories))
    return {
        "content": topics.list_column(*content, size, plan.content.values),
        "intent_category": topics.list_column(*categories, size, plan.intent_categories),
        "intent_topic": topics.list_column(rows, codes, size, plan.topics.values),
    }
