"""Which parts do the settings have, and who sees which?"""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from fastapi import Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ValidationError

from api.access.visit import Visit
from api.pages.rendering import page
from api.rest.form.problems import told
from store.access import Principal, Scope
from store.errors import BadInput
from store.records.access.keys import keys_of
from store.records.access.members import members_of
from store.records.feedback import waiting_feedback

MOST_NAMES = 200  # of keys and of members, the newest, that a page tells by name
Form = TypeVar("Form", bound=BaseModel)


class Part(NamedTuple):
    """A part of the settings, and the scope that it takes to see it."""

    name: str
    address: str
    needs: Scope


class Group(NamedTuple):
    """Parts under one heading."""

    name: str
    parts: list[Part]


GROUPS = {
    "house": [Part("overview", "/settings", "read"), Part("warehouses", "/settings/warehouses", "read")],
    "access": [
        Part("account", "/settings/account", "read"),
        Part("members", "/settings/members", "admin"),
        Part("keys", "/settings/keys", "admin"),
    ],
    "leaving": [
        Part("privacy", "/settings/privacy", "people"),
        Part("destinations", "/settings/destinations", "admin"),
        Part("webhooks", "/settings/webhooks", "admin"),
    ],
    "done": [
        Part("usage", "/settings/usage", "read"),
        Part("model", "/settings/model", "people"),
        Part("feedback", "/settings/feedback", "people"),
        Part("matches", "/settings/matches", "people"),
        Part("traces", "/settings/traces", "read"),
        Part("audit", "/settings/audit", "admin"),
    ],
}


def groups_for(principal: Principal) -> list[Group]:
    """The parts that they may see; a group without any is left out."""
    seen = [
        Group(name, [part for part in parts if principal.may(part.needs)]) for name, parts in GROUPS.items()
    ]
    return [group for group in seen if group.parts]


def part_page(request: Request, visit: Visit, part: str, template: str, **words: Any) -> HTMLResponse:
    """A part as a whole page, or a fragment of it."""
    return page(
        request,
        f"settings/{template}",
        screen="settings",
        part=part,
        groups=groups_for(visit.principal),
        waiting=waiting_feedback(visit.house.database) if visit.principal.may("people") else 0,
        **words,
    )


def formed(model: type[Form], given: Mapping[str, Any]) -> Form:
    """What a form said as the model. Raises BadInput that names the fields, never their values."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)
        fields = ", ".join(dict.fromkeys(str(each["loc"][0]) for each in wrong if each["loc"]))
        raise BadInput("The form does not fit", where=fields, instead=told(wrong)) from None


def names_for(visit: Visit) -> dict[str, str]:
    """Names of keys and members by their ids; for admins, since nobody else is shown who there is."""
    if not visit.principal.may("admin"):
        return {}
    database = visit.house.database
    keys = {key.key_id: key.name for key in keys_of(database, MOST_NAMES)}
    members = {member.member_id: member.name or member.email for member in members_of(database, MOST_NAMES)}
    return keys | members
