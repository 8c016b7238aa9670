"""What is an audience made of while somebody builds it: groups of traits, changed one step at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from store.errors import BadInput
from tools.audience.expression import And, Expression, Not, Or, Term, all_of, any_of

Kind = Literal["all", "any", "none"]
KINDS: dict[str, Kind] = {"all": "all", "any": "any", "none": "none"}  # as an address names them
Path = tuple[int, ...]  # from the outermost group: which child, which child of that one, …
ROOT: Path = ()
MOST_TRAITS, MOST_GROUPS, DEEPEST = 60, 30, 6


@dataclass(frozen=True, slots=True)
class Trait:
    """The people of one cluster, by its hash."""

    key: str


@dataclass(frozen=True, slots=True)
class Group:
    """All of its parts, any of them, or none of them; a group without parts says nothing."""

    kind: Kind
    children: "tuple[Node, ...]" = ()


Node = Trait | Group


def node_at(root: Group, path: Path) -> Node:
    """The part at this path. Raises BadInput where there is none."""
    node: Node = root
    for step in path:
        if not isinstance(node, Group) or not 0 <= step < len(node.children):
            raise BadInput("There is no such part", where="do", instead="Open the builder again.")
        node = node.children[step]
    return node


def group_at(root: Group, path: Path) -> Group:
    """The group at this path. Raises BadInput where there is none."""
    node = node_at(root, path)
    if not isinstance(node, Group):
        raise BadInput("This part is a trait, not a group", where="do", instead="Open the builder again.")
    return node


def walked(root: Group) -> Iterator[tuple[Path, Node]]:
    """Every part with its path, the outermost group first."""
    waiting: list[tuple[Path, Node]] = [(ROOT, root)]
    while waiting:
        path, node = waiting.pop(0)
        yield path, node
        if isinstance(node, Group):
            waiting[:0] = [((*path, at), child) for at, child in enumerate(node.children)]


def traits_of(root: Group) -> list[str]:
    """The hashes of its traits, each once, as they come."""
    return list(dict.fromkeys(node.key for _, node in walked(root) if isinstance(node, Trait)))


def groups_of(root: Group) -> list[Path]:
    """The paths of its groups, the outermost first."""
    return [path for path, node in walked(root) if isinstance(node, Group)]


def added(root: Group, path: Path, node: Node) -> Group:
    """The tree with one more part in the group at this path; a trait that is there already is not doubled."""
    group = group_at(root, path)
    if node in group.children and isinstance(node, Trait):
        return root
    return required_small(_put(root, path, lambda _: replace(group, children=(*group.children, node))))


def removed(root: Group, path: Path) -> Group:
    """The tree without this part, and without the groups that this leaves empty."""
    if path == ROOT:
        return replace(root, children=())
    *above, at = path
    group = group_at(root, tuple(above))
    left = (*group.children[:at], *group.children[at + 1 :])
    if not left and above:
        return removed(root, tuple(above))
    return _put(root, tuple(above), lambda _: replace(group, children=left))


def kind_changed(root: Group, path: Path, kind: Kind) -> Group:
    """The tree whose group at this path is of another kind."""
    group = group_at(root, path)
    return _put(root, path, lambda _: replace(group, kind=kind))


def wrapped(root: Group, path: Path, kind: Kind) -> Group:
    """The tree with this part in a group of its own, to which others can be added."""
    return required_small(_put(root, path, lambda node: Group(kind, (node,))))


def moved(root: Group, path: Path, into: Path) -> Group:
    """The tree with this part in another group. Raises BadInput for a group inside of the part itself."""
    node = node_at(root, path)
    group_at(root, into)
    if path == ROOT or into[: len(path)] == path:
        raise BadInput("A group cannot lie in itself", where="do", instead="Move it elsewhere.")
    if path[:-1] == into:
        return root
    # Put in before it is taken out, with a mark in its place, so that no path changes in between.
    mark = Trait("")
    whole = _put(_put(root, path, lambda _: mark), into, lambda found: _holding(found, node))
    place = next(at for at, found in walked(whole) if found is mark)
    return required_small(removed(whole, place))


def _holding(group: Node, node: Node) -> Node:
    assert isinstance(group, Group)  # looked at before
    return group if node in group.children else replace(group, children=(*group.children, node))


def _put(root: Group, path: Path, change: Callable[[Node], Node]) -> Group:
    def put(node: Node, steps: Path) -> Node:
        if not steps:
            return change(node)
        assert isinstance(node, Group)  # the path was looked at
        at = steps[0]
        child = put(node.children[at], steps[1:])
        return replace(node, children=(*node.children[:at], child, *node.children[at + 1 :]))

    node_at(root, path)
    made = put(root, path)
    return made if isinstance(made, Group) and path != ROOT else _rooted(made)


def _rooted(node: Node) -> Group:
    return node if isinstance(node, Group) else Group("all", (node,))


def required_small(root: Group) -> Group:
    """The tree. Raises BadInput where it is more than a page can show."""
    parts = list(walked(root))
    traits = sum(isinstance(node, Trait) for _, node in parts)
    deep = max(len(path) for path, _ in parts)
    if traits > MOST_TRAITS or len(parts) - traits > MOST_GROUPS or deep > DEEPEST:
        raise BadInput(
            f"The builder shows up to {MOST_TRAITS} traits in {MOST_GROUPS} groups, {DEEPEST} deep",
            where="expression",
            instead="Ask for a larger expression with `find_persons`.",
        )
    return root


def tree_of(expression: Expression) -> Group:
    """The tree of an expression over hashes; its outermost group is always there."""
    node = _node(expression)
    if isinstance(node, Group) and (node.kind == "all" or isinstance(expression, Or)):
        return required_small(node)
    return required_small(Group("all", (node,)))


def _node(expression: Expression) -> Node:
    if isinstance(expression, Term):
        return Trait(expression.key)
    if isinstance(expression, Not):
        inner = _node(expression.child)
        flat = isinstance(inner, Group) and inner.kind == "any"
        return Group("none", inner.children if flat and isinstance(inner, Group) else (inner,))
    children = [_node(child) for child in expression.children]
    if isinstance(expression, And):
        # `a AND NOT b AND NOT c` reads as: a, and none of b and c.
        out = [node for node in children if isinstance(node, Group) and node.kind == "none"]
        left_out = tuple(each for group in out for each in group.children)
        kept = [node for node in children if node not in out]
        return Group("all", (*kept, Group("none", left_out)) if out else tuple(kept))
    return Group("any", tuple(children))


def expression_of(node: Node) -> Expression | None:
    """The expression of a part, over hashes; None where it says nothing."""
    if isinstance(node, Trait):
        return Term(node.key)
    parts = [made for child in node.children if (made := expression_of(child)) is not None]
    if not parts:
        return None
    if node.kind == "none":
        return Not(any_of(parts))
    return all_of(parts) if node.kind == "all" else any_of(parts)
