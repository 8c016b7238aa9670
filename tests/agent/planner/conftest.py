"""A planner over the generated population, whose expressions read as names and values."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.planner.plan import Plan
from agent.planner.planner import plan
from store.population.catalogue import Catalogue
from store.workspace import Workspace


@pytest.fixture(scope="session")
def example_vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the vectors of the labelled examples are kept for all tests of a process."""
    return tmp_path_factory.mktemp("planner")


def named(value: Any, catalogue: Catalogue) -> Any:
    """The value with `name=value` in the place of cluster hashes."""
    if isinstance(value, list):
        return [named(each, catalogue) for each in value]
    if not isinstance(value, str):
        return value

    def name(match: re.Match[str]) -> str:
        cluster = catalogue.find(match[0])
        return f"{cluster.name}={cluster.value}" if cluster else match[0]

    return re.sub(r"\b[0-9a-f]{32}\b", name, value)


@pytest.fixture
def planned(own_us: Workspace, example_vectors: Path) -> Callable[..., Plan]:
    """The plan for a sentence, with the population's clusters by name and value."""

    def make(message: str, **beside: Any) -> Plan:
        made = plan(message, workspace=own_us, cache=example_vectors, **beside)
        catalogue = own_us.population.catalogue
        for step in made.steps:
            step.arguments = {key: named(value, catalogue) for key, value in step.arguments.items()}
        return made

    return make


@pytest.fixture
def alone(example_vectors: Path) -> Callable[..., Plan]:
    """The plan for a sentence without any warehouse."""
    return lambda message, **beside: plan(message, cache=example_vectors, **beside)
