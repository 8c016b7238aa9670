"""What does the tree become by what was pressed?"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from api.pages.audiences.building.asked import Asked
from api.pages.audiences.building.tree.coding import (
    MOST_UNDO,
    shape_read,
    shape_text,
    traits_read,
    traits_text,
)
from api.pages.audiences.building.tree.groups import (
    KINDS,
    ROOT,
    Group,
    Kind,
    Path,
    Trait,
    added,
    group_at,
    groups_of,
    kind_changed,
    moved,
    removed,
    tree_of,
    walked,
    wrapped,
)
from store.errors import BadExpression, BadInput, NotFound
from store.population.catalogue import Catalogue
from tools.audience.expression import map_terms, parse
from tools.audience.selection import bound
from tools.clusters.listing import found_cluster

EMPTY = Group("all")
_KIND_OF = re.compile(r"kind((?:\.\d{1,3})*)")


class Built(NamedTuple):
    """The tree after the change, all that the next address says, and what is to be focused."""

    root: Group
    asked: Asked
    focus: Path | None = None
    problem: str = ""  # of the expert's text
    problem_text: str = ""


def built(asked: Asked, pairs: Iterable[tuple[str, str]], catalogue: Catalogue) -> Built:
    """The tree that the address means. Raises BadInput or NotFound."""
    traits = traits_read(asked.traits)
    root = _start(asked, traits, catalogue)
    undo = [shape for shape in asked.undo.split(";") if shape]
    at, focus = _path(asked.at), None
    before, problem = root, ""
    if asked.do == "undo" and undo:
        root, focus = shape_read(undo.pop(), traits), ROOT
        before = root
    elif asked.do == "read":
        root, problem = _read(asked.text, root, catalogue)
    elif asked.do:
        root, at, focus = _done(root, asked.do, at, catalogue)
    # The controls say the kinds of the tree before, so they count only where no button made it another.
    for path, kind in [] if asked.do else _kinds(pairs, root):
        root, focus = kind_changed(root, path, kind), path
    if root != before:
        undo = [*undo, shape_text(before, traits)][-MOST_UNDO:]
    shape = shape_text(root, traits)
    at = at if at in groups_of(root) else ROOT
    now = asked.also(
        traits=traits_text(traits),
        tree=shape,
        undo=";".join(undo),
        at=path_text(at),
        do="",
        expression="",
        text="",
    )
    return Built(root, now, focus, problem, asked.text if problem else "")


def _start(asked: Asked, traits: list[str], catalogue: Catalogue) -> Group:
    if asked.tree:
        root = shape_read(asked.tree, traits)
        for key in dict.fromkeys(traits):
            found_cluster(catalogue, key)
        return root
    return _tree(asked.expression, catalogue) if asked.expression else EMPTY


def _tree(text: str, catalogue: Catalogue) -> Group:
    found = bound(parse(text), catalogue)
    return tree_of(map_terms(found, lambda code: catalogue[int(code)].cluster_hash))


def _read(text: str, root: Group, catalogue: Catalogue) -> tuple[Group, str]:
    """The tree of an expert's text; where it cannot be read, the tree as it was and what is wrong."""
    if not text.strip():
        return EMPTY, ""
    try:
        return _tree(text, catalogue), ""
    except (BadExpression, NotFound, BadInput) as refusal:
        return root, str(refusal)


def _done(root: Group, do: str, at: Path, catalogue: Catalogue) -> tuple[Group, Path, Path | None]:
    """The tree, the group that is added to, and the part to focus."""
    verb, _, rest = do.partition(":")
    first, _, second = rest.partition(":")
    if verb == "add":
        return added(root, at if at in groups_of(root) else ROOT, _trait(first, catalogue)), at, None
    if verb == "without":
        return _left_out(root, _trait(first, catalogue)), at, None
    if verb == "without_all":
        tree = _tree(rest, catalogue)
        apart = tree.children if tree.kind == "any" or len(tree.children) == 1 else (tree,)
        return _left_out(root, *apart), at, None
    path = _path(first)
    if verb == "at":
        group_at(root, path)
        return root, path, path
    if verb == "remove":
        left = removed(root, path)
        return left, _still(root, left, at), _nearest(left, path[:-1])
    if verb == "move":
        left = moved(root, path, _path(second))
        return left, _still(root, left, at), ROOT
    if verb in ("wrap", "open") and second in KINDS:
        kind = KINDS[second]
        if verb == "wrap":
            return wrapped(root, path, kind), path, path
        inside = (*path, len(group_at(root, path).children))
        return added(root, path, Group(kind)), inside, inside
    if verb in ("undo", "clear", "north", "south", "west", "east", "anywhere", "zoom", "find"):
        return (EMPTY, ROOT, ROOT) if verb == "clear" else (root, at, None)
    raise BadInput("This button is none of ours", where="do", instead="Open the builder again.")


def _still(before: Group, after: Group, at: Path) -> Path:
    """Where the group is that was added to, after others were taken away; the outermost where it is gone."""
    if at not in groups_of(before):
        return ROOT
    group = group_at(before, at)
    same = [path for path, node in walked(after) if node is group]
    return same[0] if same else (at if at in groups_of(after) else ROOT)


def _nearest(root: Group, path: Path) -> Path:
    """The innermost group of the path that is there."""
    while path not in groups_of(root):
        path = path[:-1]
    return path


def _left_out(root: Group, *nodes: Trait | Group) -> Group:
    """The tree without these people: they go into the group of those who are left out."""
    outermost = root if root.kind == "all" else Group("all", (root,))
    places = [
        at for at, child in enumerate(outermost.children) if isinstance(child, Group) and child.kind == "none"
    ]
    if not places:
        return added(outermost, ROOT, Group("none", nodes))
    for node in nodes:
        outermost = added(outermost, (places[0],), node)
    return outermost


def _kinds(pairs: Iterable[tuple[str, str]], root: Group) -> list[tuple[Path, Kind]]:
    """Groups whose kind was chosen anew."""
    changed: list[tuple[Path, Kind]] = []
    groups = set(groups_of(root))
    for name, value in pairs:
        found = _KIND_OF.fullmatch(name)
        kind = KINDS.get(value)
        if found and kind:
            path = _path(found[1].lstrip("."))
            if path in groups and group_at(root, path).kind != kind:
                changed.append((path, kind))
    return changed


def _trait(key: str, catalogue: Catalogue) -> Trait:
    return Trait(found_cluster(catalogue, key).cluster_hash)


def _path(text: str) -> Path:
    if not re.fullmatch(r"(\d{1,3}(\.\d{1,3})*)?", text):
        raise BadInput("There is no such part", where="do", instead="Open the builder again.")
    return tuple(int(step) for step in text.split(".")) if text else ROOT


def path_text(path: Path) -> str:
    """The path as an address has it."""
    return ".".join(map(str, path))
