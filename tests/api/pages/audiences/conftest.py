"""Audiences to look at, made once for a module."""

import pytest

from agent import CATALOGUE
from tests.api.pages.seen import Site
from tools.calls import call, tool_named


@pytest.fixture(scope="module")
def golfers(site: Site) -> str:
    """The id of a kept audience: who follows golf."""
    workspace = site.house.workspace("us")
    traits = ["interested_golf=Yes"]
    return call(tool_named(CATALOGUE, "generate_audience"), workspace, {"traits": traits}).audience_id


@pytest.fixture(scope="module")
def analysed(site: Site) -> str:
    """The id of an analysis of 600 people who follow golf."""
    workspace = site.house.workspace("us")
    population = workspace.population
    golf = population.catalogue.valued("interested_golf", "Yes").code
    numbers = list(population.shards[0].bitmaps[golf])[:6_000:10]
    asked = {"person_ids": population.shards[0].person_ids[numbers].tolist()}
    return call(tool_named(CATALOGUE, "analyze_customers"), workspace, asked).analysis_id
