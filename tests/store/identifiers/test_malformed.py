import pickle

import pytest

from store.identifiers import NORMALISERS, Malformed, normalise
from store.identifiers.malformed import REASONS
from store.population.domains import IDENTIFIER_TYPES


def test_every_kind_of_identifier_has_its_normal_form():
    assert set(NORMALISERS) == set(IDENTIFIER_TYPES)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_reads_as_a_code_and_a_sentence(reason):
    assert str(Malformed(reason)).startswith(f"{reason}: ")
    assert isinstance(Malformed(reason), ValueError)


def test_a_verdict_survives_the_way_from_another_process():
    again = pickle.loads(pickle.dumps(Malformed("too_long")))
    assert again.reason == "too_long"
    assert str(again) == str(Malformed("too_long"))


SECRET = "zanzibar"


@pytest.mark.parametrize(
    ("id_type", "value"),
    [
        ("email", f"{SECRET}@"),
        ("email", f"{SECRET}@{SECRET}.invalid"),
        ("phone", SECRET),
        ("address", SECRET),
        ("maid", SECRET),
        ("id", f"{SECRET}\ud800"),
    ],
)
def test_a_verdict_never_holds_the_value(id_type, value):
    with pytest.raises(Malformed) as refused:
        normalise(id_type, value)
    assert SECRET not in f"{refused.value!s} {refused.value!r}"
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("id_type", IDENTIFIER_TYPES)
@pytest.mark.parametrize(
    "value", ["", "  ", "\x00", "x" * 1_000_000, "1 " * 500_000, "😀", "\ud800", "\n,\t"]
)
def test_no_text_raises_anything_but_a_verdict(id_type, value):
    try:
        normal = normalise(id_type, value)
    except Malformed:
        return
    assert normalise(id_type, normal) == normal
    assert normal.encode()
