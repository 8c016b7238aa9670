"""How are the parts of the tree named on the page?"""

from typing import NamedTuple

from api.pages.audiences.building.reading import Line, Reading
from api.pages.audiences.building.tree.changing import Built, path_text
from api.pages.audiences.building.tree.groups import DEEPEST, ROOT, Group, Node, Path, groups_of, node_at
from api.pages.words import text

LONGEST_NAME = 60


class Target(NamedTuple):
    """A group that a part can be moved to, or that is added to."""

    path: str
    name: str


class Shown(NamedTuple):
    """The tree for its template. pressed: the button that led here."""

    built: Built
    found: Reading
    pressed: str

    @property
    def active(self) -> Target:
        """The group that is added to."""
        steps = tuple(int(step) for step in self.built.asked.at.split(".") if step)
        return Target(self.built.asked.at, self.name(steps))

    def path(self, path: Path) -> str:
        """The path as an address and an id have it."""
        return path_text(path)

    def line(self, path: Path) -> Line | None:
        """What is told of the part; None where it says nothing yet."""
        return self.found.lines.get(path)

    def below(self, path: Path, at: int) -> Path:
        """The path of a child."""
        return (*path, at)

    def is_deep(self, path: Path) -> bool:
        """Whether no group fits in there any more."""
        return len(path) + 1 >= DEEPEST

    def is_focused(self, path: Path) -> bool:
        """Whether the keyboard goes on there."""
        return self.built.focus == path

    def name(self, path: Path) -> str:
        """`any of: have dogs, have cats`; the outermost group is called the whole."""
        node = node_at(self.built.root, path)
        if path == ROOT or not isinstance(node, Group):
            return text("audiences.group_whole")
        inside = ", ".join(self._told((*path, at), child) for at, child in enumerate(node.children))
        kind = text(f"audiences.group_{node.kind}")
        cut = inside if len(inside) <= LONGEST_NAME else f"{inside[: LONGEST_NAME - 1]}…"
        return text("audiences.group_named", kind=kind, inside=cut) if cut else kind

    def targets(self, path: Path) -> list[Target]:
        """The groups that the part can be moved to."""
        root = self.built.root
        return [
            Target(path_text(group), self.name(group))
            for group in groups_of(root)
            if group != path[:-1] and group[: len(path)] != path
        ]

    def _told(self, path: Path, node: Node) -> str:
        line = self.found.lines.get(path)
        return line.words if line and line.words else text("audiences.group_group")
