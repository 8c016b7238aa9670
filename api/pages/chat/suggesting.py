"""What could somebody ask first?"""

from api.access.visit import Visit
from api.pages.words import text
from store.workspace import Workspace


def suggestions(visit: Visit, workspace: Workspace) -> list[str]:
    """Three questions that a new conversation can begin with."""
    return [text(f"chat.suggestion_{number}") for number in (1, 2, 3)]
