"""How is a profile written as a file that can be edited?"""

from pathlib import Path

from store.artifacts import written_whole
from tools.profiles.content.document import ProfileDocument


def write_profile(path: Path, document: ProfileDocument) -> None:
    """The profile as TOML, whole or not at all."""
    import tomli_w  # only written, and seldom

    told = document.model_dump(mode="json", exclude_none=True)
    with written_whole(path) as beside:
        beside.write_text(tomli_w.dumps(told), encoding="utf-8")
