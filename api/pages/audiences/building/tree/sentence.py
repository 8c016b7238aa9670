"""How does the tree read as a sentence?"""

from agent.conversation.answers.people import readable
from api.pages.audiences.building.tree.groups import Group, Node, Trait
from api.pages.words import text
from store.population.catalogue import Catalogue


def sentence(root: Group, catalogue: Catalogue) -> str:
    """`People who love golf and (have dogs or have cats), but do not rent.`"""
    told = _told(root, catalogue)
    return text("audiences.sentence", who=told) if told else text("audiences.sentence_anyone")


def phrase(key: str, catalogue: Catalogue) -> str:
    """What completes `people who …` for a trait."""
    cluster = catalogue.find(key)
    return cluster.phrase if cluster else key


def _told(node: Node, catalogue: Catalogue) -> str:
    if isinstance(node, Trait):
        return phrase(node.key, catalogue)
    children = [child for child in node.children if _says(child)]
    if node.kind == "any":
        return text("audiences.word_or").join(_bracketed(child, catalogue) for child in children)
    if node.kind == "none":
        return text("audiences.word_and").join(_negated(child, catalogue) for child in children)
    out = [child for child in children if isinstance(child, Group) and child.kind == "none"]
    kept = [_bracketed(child, catalogue) for child in children if child not in out]
    told = text("audiences.word_and").join(kept)
    left_out = text("audiences.word_and").join(_told(child, catalogue) for child in out)
    return text("audiences.word_but").join(part for part in (told, left_out) if part)


def _says(node: Node) -> bool:
    return isinstance(node, Trait) or any(map(_says, node.children))


def _bracketed(node: Node, catalogue: Catalogue) -> str:
    told = _told(node, catalogue)
    several = isinstance(node, Group) and node.kind != "none" and sum(map(_says, node.children)) > 1
    return f"({told})" if several else told


def _negated(node: Node, catalogue: Catalogue) -> str:
    if isinstance(node, Trait):
        return readable(f"NOT {_told(node, catalogue)}")
    return text("audiences.word_not", what=_told(node, catalogue))
