"""What the population knows of people, as columns: against the rows that it was made from."""

import numpy as np

from tools.scoring.population_features import population_features


def test_columns_hold_what_the_rows_held(town):
    """Every attribute of every person, in an order of our own; the population numbers them otherwise."""
    people = list(reversed(town.people))
    ids = np.array([person["person_id"] for person in people])
    table = population_features(town.workspace.population, ids)
    assert {"color", "size", "plays_golf", "topic", "income"} <= set(table.names)
    color, topic = table.find("color"), table.find("topic")
    assert color is not None
    assert topic is not None
    assert topic.starts is not None
    for at, person in enumerate(people):
        told = (color.levels[color.values[at]],) if color.values[at] >= 0 else ()
        assert told == person["has"]["color"]
        mine = topic.values[topic.starts[at] : topic.starts[at + 1]]
        assert sorted(topic.levels[code] for code in mine) == sorted(person["has"]["topic"])


def test_a_number_is_kept_raw_and_unknown_where_it_was_blank(town):
    people = town.people
    ids = np.array([person["person_id"] for person in people])
    income = population_features(town.workspace.population, ids).find("income")
    assert income is not None
    assert income.kind == "number"
    told = [None if np.isnan(value) else value for value in income.values]
    assert told == [person["income"] for person in people]
    assert None in told


def test_somebody_whom_the_population_lacks_is_unknown_throughout(town):
    table = population_features(town.workspace.population, np.array([-5]))
    assert table.rows == 1
    assert not any(feature.known().any() for feature in table.features)
    assert population_features(town.workspace.population, np.empty(0, dtype=np.int64)).rows == 0
