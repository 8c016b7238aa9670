import pytest

from store.identifiers.postal.box import box_line


@pytest.mark.parametrize(
    ("words", "standard", "used"),
    [
        ("PO BOX 123", "PO BOX 123", 3),
        ("P O BOX 123", "PO BOX 123", 4),
        ("POB 123", "PO BOX 123", 2),
        ("POBOX 123", "PO BOX 123", 2),
        ("POST OFFICE BOX # 123", "PO BOX 123", 5),
        ("PO DRAWER A BOSTON", "PO BOX A", 3),
        ("BOX NO 63", "PO BOX 63", 3),
        ("RURAL ROUTE 2 BOX 152A", "RR 2 BOX 152A", 5),
        ("R R # 2 BOX 152", "RR 2 BOX 152", 6),
        ("HC 68 BOX 23", "HC 68 BOX 23", 4),
        ("PSC 1 BOX 23", "PSC 1 BOX 23", 4),
        ("UNIT 2050 BOX 4190", "UNIT 2050 BOX 4190", 4),
    ],
)
def test_a_box_has_one_standard_form(words, standard, used):
    assert box_line(words.split()) == (standard, used)


@pytest.mark.parametrize("words", ["POST ST", "PO BOX", "BOX & SON", "RR 2", "UNIT 4", "MAIN ST"])
def test_other_words_are_no_box(words):
    assert box_line(words.split()) is None
