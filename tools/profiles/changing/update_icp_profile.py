"""How is a profile edited?"""

from typing import Any

from pydantic import Field, ValidationError

from store.errors import BadInput
from store.workspace import Workspace
from tools.declaration import ToolQuery
from tools.profiles.content.document import ProfileDocument
from tools.profiles.kept import ProfileResult, document_of, keep_changed, profile_meant

SHOWN = 5  # problems


class UpdateIcpProfile(ToolQuery):
    """What a profile should hold from now on."""

    icp_profile: str = Field(min_length=1, max_length=120, description="A profile, by name or id.")
    revision: int = Field(ge=1, description="The revision that the change was made from.")
    changes: dict[str, Any] = Field(
        min_length=1,
        max_length=len(ProfileDocument.model_fields),
        description="Fields of the document with what they should hold, each whole; null empties one. "
        "`weights` may name some of its parts.",
    )


def update_icp_profile(workspace: Workspace, query: UpdateIcpProfile) -> ProfileResult:
    """The profile after an edit, as a new revision; refused when somebody else has changed it since.

    Only the fields in `changes` are changed. Everyone who may change things can edit a shared profile.
    """
    profile = profile_meant(workspace, query.icp_profile)
    document = changed(document_of(workspace, profile), query.changes)
    return keep_changed(workspace, profile, document, query.revision)


def changed(document: ProfileDocument, changes: dict[str, Any]) -> ProfileDocument:
    """The document with these fields. Raises BadInput that names fields, never their values."""
    known = ProfileDocument.model_fields
    if any(name not in known for name in changes):
        raise BadInput("A profile has no such field", where="changes", instead=f"It has {', '.join(known)}.")
    blank = {name: value for name, value in changes.items() if value is None}
    given = document.model_dump() | {name: value for name, value in changes.items() if name not in blank}
    if isinstance(changes.get("weights"), dict):
        given["weights"] = document.weights.model_dump() | changes["weights"]
    return checked_document({name: value for name, value in given.items() if name not in blank})


def checked_document(given: dict[str, Any]) -> ProfileDocument:
    """The document that these fields make. Raises BadInput that names fields, never their values."""
    try:
        return ProfileDocument.model_validate(given)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False, include_context=False)
        told = "; ".join(f"`{_place(each['loc'])}`: {each['msg']}" for each in problems[:SHOWN])
        raise BadInput(f"The profile does not fit: {told}", where="document") from None


def _place(steps: tuple[int | str, ...]) -> str:
    """Where in the document; a key that is no field of it is not told."""
    known = set(ProfileDocument.model_fields)
    return ".".join(str(step) for step in steps if step in known or isinstance(step, int)) or "document"
