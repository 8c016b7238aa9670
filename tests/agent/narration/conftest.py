"""Facts to tell, and a model on loopback."""

from collections.abc import Iterator

import pytest

from agent.narration.facts import AntiPatternFacts, SegmentFacts, TraitFact
from tests.agent.narration.model_server import ModelServer
from tests.agent.narration.recorded import CASSETTES

STAINLESS = (  # what the client tells of itself
    *("arch", "async", "lang", "os", "package-version", "read-timeout"),
    *("retry-count", "runtime", "runtime-version", "timeout"),
)


@pytest.fixture
def model() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.close()


def trait(phrase: str, share: float, baseline: float, low: float, high: float) -> TraitFact:
    return TraitFact(
        phrase=phrase,
        label=phrase.capitalize(),
        value="Yes",
        share=share,
        baseline=baseline,
        times=share / baseline,
        low=low,
        high=high,
    )


@pytest.fixture
def golfers() -> SegmentFacts:
    return SegmentFacts(
        size=1209,
        share=0.31,
        customers=3900,
        traits=(trait("own their home", 0.62, 0.31, 1.8, 2.2), trait("follow golf", 0.41, 0.13, 2.6, 3.7)),
        taken=("Retired, live in a flat",),
    )


@pytest.fixture
def renters() -> AntiPatternFacts:
    return AntiPatternFacts(
        customers=3900,
        phrases=("rent their home",),
        share=0.08,
        baseline=0.31,
        times=0.26,
        low=0.20,
        high=0.33,
        rate=0.02,
        base_rate=0.11,
    )


@pytest.fixture(scope="module")
def vcr_config() -> dict[str, object]:
    """A call is found by what it asks; who asked and with which key is not kept."""
    return {
        "match_on": ["method", "path", "query", "body"],
        "filter_headers": [
            "authorization",
            "api-key",
            "cookie",
            "openai-organization",
            "openai-project",
            "host",
            "user-agent",
            *(f"x-stainless-{name}" for name in STAINLESS),
        ],
        "before_record_response": _without_cookies,
        "decode_compressed_response": True,
    }


@pytest.fixture(scope="module")
def vcr_cassette_dir(request: pytest.FixtureRequest) -> str:
    """One folder a module of tests."""
    return str(CASSETTES / request.path.stem)


def _without_cookies(response: dict) -> dict:
    headers = response["headers"]
    for name in [name for name in headers if name.lower() in {"set-cookie", "openai-organization"}]:
        del headers[name]
    return response
