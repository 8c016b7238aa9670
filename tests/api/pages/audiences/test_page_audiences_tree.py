"""The tree of the builder: changed a step at a time, travelling in addresses, read back as a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from api.pages.audiences.building.asked import Asked, asked_again, asked_of
from api.pages.audiences.building.tree.changing import built
from api.pages.audiences.building.tree.coding import shape_read, shape_text, traits_read, traits_text
from api.pages.audiences.building.tree.groups import (
    DEEPEST,
    Group,
    Trait,
    added,
    expression_of,
    groups_of,
    kind_changed,
    moved,
    removed,
    traits_of,
    tree_of,
    walked,
    wrapped,
)
from api.pages.audiences.building.tree.sentence import sentence
from api.pages.audiences.map.placing import placed
from store.errors import BadInput, ToolRefused
from store.population.catalogue import Catalogue, Cluster
from tools.audience.density import Box
from tools.audience.expression import evaluate, parse, to_text

PHRASES = ("love golf", "have dogs", "have cats", "rent")
CATALOGUE = Catalogue(
    [Cluster(at, f"t{at}", "Yes", "interests", 10, phrase=words) for at, words in enumerate(PHRASES)]
)
A, B, C, D = (Trait(cluster.cluster_hash) for cluster in CATALOGUE.clusters)
TREE = Group("all", (A, Group("any", (B, C)), Group("none", (D,))))
KEYS = st.sampled_from([A, B, C, D])
TREES = st.recursive(
    KEYS,
    lambda inner: st.builds(
        Group, st.sampled_from(["all", "any", "none"]), st.lists(inner, max_size=3).map(tuple)
    ),
    max_leaves=8,
).map(lambda node: node if isinstance(node, Group) else Group("all", (node,)))


def fits(tree: Group) -> bool:
    return max(len(path) for path, _ in walked(tree)) <= DEEPEST


def pressed(tree: Group, do: str, at: str = "") -> Group:
    traits = []
    shape = shape_text(tree, traits)
    return built(Asked(traits=traits_text(traits), tree=shape, do=do, at=at), (), CATALOGUE).root


def test_a_tree_reads_back_as_a_sentence():
    assert sentence(TREE, CATALOGUE) == "People who love golf and (have dogs or have cats), but do not rent."
    assert sentence(Group("none", (A, B)), CATALOGUE) == "People who do not love golf and do not have dogs."
    both = Group("none", (Group("all", (A, B)),))
    assert sentence(both, CATALOGUE) == "People who not (love golf and have dogs)."
    assert sentence(Group("all", (Group("any"),)), CATALOGUE).startswith("Anyone")


def test_parts_are_added_left_out_moved_wrapped_and_removed():
    assert pressed(Group("all", (A,)), f"add:{B.key}") == Group("all", (A, B))
    assert pressed(Group("all", (A,)), f"add:{A.key}") == Group("all", (A,))
    assert pressed(TREE, f"add:{D.key}", at="1") == Group(
        "all", (A, Group("any", (B, C, D)), Group("none", (D,)))
    )
    assert pressed(Group("all", (A,)), f"without:{B.key}") == Group("all", (A, Group("none", (B,))))
    assert pressed(TREE, f"without:{B.key}").children[2] == Group("none", (D, B))
    assert pressed(TREE, "move:0:1") == Group("all", (Group("any", (B, C, A)), Group("none", (D,))))
    assert pressed(TREE, "move:2.0:") == Group("all", (A, Group("any", (B, C)), D))
    assert pressed(TREE, "wrap:0:any").children[0] == Group("any", (A,))
    assert pressed(TREE, "remove:2.0") == Group("all", (A, Group("any", (B, C))))
    assert pressed(TREE, "clear") == Group("all")


def test_leaving_out_an_audience_of_all_of_some_leaves_out_only_who_has_all():
    left = pressed(Group("all", (C,)), f"without_all:{A.key} AND {B.key}")
    assert left == Group("all", (C, Group("none", (Group("all", (A, B)),))))
    either = pressed(Group("all", (C,)), f"without_all:{A.key} OR {B.key}")
    assert either == Group("all", (C, Group("none", (A, B))))


def test_each_step_can_be_undone_in_turn():
    asked = Asked()
    for key in (A, B, C):
        asked = built(asked.also(do=f"add:{key.key}"), (), CATALOGUE).asked
    for left in ((A, B), (A,), ()):
        now = built(asked.also(do="undo"), [("kind", "none")], CATALOGUE)
        assert now.root == Group("all", left)
        asked = now.asked
    assert asked.undo == ""


def test_the_kind_of_a_group_is_chosen_in_its_control():
    asked = Asked(traits=A.key, tree="all(0,any(0))")
    assert built(asked, [("kind.1", "none")], CATALOGUE).root == Group("all", (A, Group("none", (A,))))
    assert built(asked, [("kind.7", "none"), ("kind", "worst")], CATALOGUE).root.kind == "all"


def test_a_group_cannot_lie_in_itself_and_unknown_buttons_are_refused():
    for do in ("move:1:1", "move:9:1", "boil", "remove:x", "at:0", f"add:{'0' * 32}"):
        with pytest.raises(ToolRefused):
            pressed(TREE, do)


@pytest.mark.parametrize(
    "shape", ["all(", "all(0", "all(9)", "0", "all())", "all(0)all(0)", "some(0)", "all(0;1)"]
)
def test_a_shape_that_was_cut_or_changed_is_refused(shape):
    with pytest.raises(BadInput):
        shape_read(shape, [A.key])


@given(TREES.filter(fits))
def test_a_tree_travels_in_an_address(tree):
    traits = []
    shape = shape_text(tree, traits)
    assert shape_read(shape, traits_read(traits_text(traits))) == tree
    assert traits == traits_of(tree)


@given(TREES.filter(fits))
def test_an_expression_and_its_tree_mean_the_same(tree):
    """For each of 16 people, who have each combination of the four traits."""
    expression = expression_of(tree)
    if expression is not None:
        again = expression_of(tree_of(parse(to_text(expression))))
        everyone = BitMap(range(16))
        having = {
            trait.key: BitMap(n for n in range(16) if n >> at & 1) for at, trait in enumerate((A, B, C, D))
        }
        assert evaluate(again, having.__getitem__, everyone) == evaluate(
            expression, having.__getitem__, everyone
        )


@given(TREES.filter(fits), st.data())
def test_no_step_loses_or_makes_traits(tree, data):
    path = data.draw(st.sampled_from([path for path, _ in walked(tree)]))
    group = data.draw(st.sampled_from(groups_of(tree)))
    before = sorted(traits_of(tree))
    assert set(traits_of(removed(tree, path))) <= set(before)
    assert sorted(traits_of(kind_changed(tree, group, "any"))) == before
    try:
        assert sorted(traits_of(moved(tree, path, group))) == before
        assert sorted(traits_of(wrapped(tree, path, "none"))) == before
        assert set(traits_of(added(tree, group, A))) == {*before, A.key}
    except BadInput:  # a group into itself, or too deep
        assert path == group[: len(path)] or not path or max(len(p) for p, _ in walked(tree)) >= DEEPEST - 1


def test_all_of_the_state_comes_back_from_its_address():
    asked = asked_of(
        [("latitude", "30.25"), ("longitude", "-97.5"), ("radius", "12.5"), ("unit", "km"), ("compare", "x"),
         ("compare", "y"), ("size", "500"), ("do", "undo"), ("without_customers", "true"), ("analysis", "")]
    )  # fmt: skip
    assert asked.location.radius_km == 12.5
    assert asked_again(asked.query()) == asked.also(do="")


def test_a_place_is_looked_up_stepped_and_pressed():
    """Half of a radius of 100 km is 0.45 degrees north. A press in the middle of a map of one degree
    around 40, -75 is 40, -75; a key leaves 0, 0, which is no press."""
    austin, wrong = placed(Asked(place="Austin, TX", do="find"), {}, None)
    assert (round(austin.latitude), round(austin.longitude), wrong) == (30, -98, "")
    assert placed(Asked(place="78701"), {}, None)[0].location is not None
    assert placed(Asked(place="95.0, 200.0"), {}, None)[1] != ""
    asked = Asked(latitude=40, longitude=-75, radius=100, unit="km", do="north")
    assert placed(asked, {}, None)[0].latitude == pytest.approx(40.45, abs=0.01)
    box = Box(39.5, -75.5, 40.5, -74.5)
    middle = {"small.x": "150", "small.y": str(round(150 / box.ratio))}
    found = placed(Asked(), middle, box)[0]
    assert (found.latitude, found.longitude) == (pytest.approx(40, abs=0.01), -75)
    assert placed(Asked(), {"wide.x": "0", "wide.y": "0"}, box)[0].location is None
