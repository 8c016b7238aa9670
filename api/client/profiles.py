"""The ideal customer profiles of a server, each with the revision that an edit must name."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.client.fieldmark import Fieldmark

PATH = "/v1/icp-profiles"


class Profiles:
    """Profiles as resources. The tools (`create_icp_profile` …) do the same."""

    def __init__(self, fieldmark: "Fieldmark") -> None:
        self._fieldmark = fieldmark

    def listed(self, **filters: Any) -> "Iterator[dict[str, Any]]":
        """Every profile that the key may see, newest first."""
        return self._fieldmark.listed(PATH, **filters)

    def get(self, profile_id: str) -> dict[str, Any]:
        """One profile, with its `etag`. Raises NotFound."""
        answer = self._fieldmark.connection.ask("GET", _path(profile_id))
        return answer.json() | {"etag": answer.headers.get("etag", "")}

    def create(self, profile: dict[str, Any]) -> dict[str, Any]:
        """The profile as it is kept, with its `etag`."""
        answer = self._fieldmark.connection.ask("POST", PATH, profile)
        return answer.json() | {"etag": answer.headers.get("etag", "")}

    def change(self, profile_id: str, etag: str, changes: dict[str, Any]) -> dict[str, Any]:
        """The profile with these fields changed. Raises Changed if it is not of this etag any more."""
        answer = self._fieldmark.connection.ask(
            "PATCH", _path(profile_id), changes, headers={"If-Match": etag}
        )
        return answer.json() | {"etag": answer.headers.get("etag", "")}

    def delete(self, profile_id: str, etag: str) -> None:
        """Delete the profile. Raises Changed if it is not of this etag any more."""
        self._fieldmark.connection.ask("DELETE", _path(profile_id), headers={"If-Match": etag})

    def revisions(self, profile_id: str) -> "Iterator[dict[str, Any]]":
        """What was edited, newest first."""
        return self._fieldmark.listed(f"{_path(profile_id)}/revisions")


def _path(profile_id: str) -> str:
    return f"{PATH}/{quote(profile_id, safe='')}"
