"""Which jobs can be begun on a page, what are their steps, and where does their result lie?"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from store.records.runs import Run
from store.workspace import Workspace


class JobKind(NamedTuple):
    """A tool that is done as a job: its steps in their order, and the names of its texts.

    prefix: the address under which its jobs are followed. result: the address of what came of one that is
    done; it raises NotFound or Expired where that is gone. home: the page that it belongs to. alike: steps
    of which a run takes one or the other, and the name under which all of them are shown.
    """

    tool: str
    screen: str
    prefix: str
    home: str
    steps: tuple[str, ...]
    result: Callable[[Workspace, Run], str]
    alike: Mapping[str, str] = {}
