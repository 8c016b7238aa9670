"""How does a tree travel in an address? Its traits once, and its shape, and shapes before it, over them."""

import re
from collections.abc import Sequence

from api.pages.audiences.building.tree.groups import KINDS, Group, Kind, Node, Trait, required_small
from store.errors import BadInput

MOST_UNDO = 20
_TOKEN = re.compile(r"(all|any|none)\(|(\d{1,3})|([,)])")
_HASH = re.compile(r"[0-9a-f]{32}")


def traits_text(traits: Sequence[str]) -> str:
    """The hashes as one text."""
    return ".".join(traits)


def traits_read(text: str) -> list[str]:
    """The hashes of such a text. Raises BadInput."""
    traits = [part for part in text.split(".") if part]
    if len(traits) > 1_000 or not all(map(_HASH.fullmatch, traits)):
        raise _unreadable()
    return traits


def shape_text(node: Node, traits: list[str]) -> str:
    """`all(0,any(1,2))`: numbers stand for traits; one that is not in the list yet is put at its end."""
    if isinstance(node, Trait):
        if node.key not in traits:
            traits.append(node.key)
        return str(traits.index(node.key))
    return f"{node.kind}({','.join(shape_text(child, traits) for child in node.children)})"


def shape_read(text: str, traits: Sequence[str]) -> Group:
    """The tree of such a text. Raises BadInput for what no builder wrote."""
    stack: list[tuple[Kind, list[Node]]] = []
    at, done = 0, None
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or done is not None:
            raise _unreadable()
        at = found.end()
        if found[1]:
            stack.append((KINDS[found[1]], []))
        elif not stack or (found[2] and int(found[2]) >= len(traits)):
            raise _unreadable()
        elif found[2]:
            stack[-1][1].append(Trait(traits[int(found[2])]))
        elif found[3] == ")":
            kind, children = stack.pop()
            group = Group(kind, tuple(children))
            if stack:
                stack[-1][1].append(group)
            else:
                done = group
    if done is None:
        raise _unreadable()
    return required_small(done)


def _unreadable() -> BadInput:
    return BadInput(
        "The address of this builder was cut or changed",
        where="tree",
        instead="Begin again, or open a kept audience.",
    )
