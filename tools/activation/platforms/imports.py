"""Which files do CRMs import, and which columns does a plain file have?

Looked up on 2026-11-22 in what the makers publish; `sources` names each page.
"""

from tools.activation.platforms.platform import EMAIL, FIRST, LAST, MB, Column, Platform, one

_POSTAL = ("street", "city", "state", "zip", "country")
HUBSPOT = Platform(
    name="hubspot",
    title="HubSpot contacts",
    columns=(
        one("First name", "name", "first_name"),
        one("Last name", "name", "last_name"),
        Column("Email", "email", lambda people: list(people.emails[0])),
        Column("Phone number", "phone", lambda people: list(people.phones[0])),
        one("Job title", "work", "title"),
        one("Company name", "work", "company"),
        *(
            one(header, "address", name)
            for header, name in zip(
                ("Street address", "City", "State/Region", "Postal code", "Country/Region"),
                _POSTAL,
                strict=True,
            )
        ),
    ),
    matchable=((EMAIL,), (FIRST,), (LAST,)),
    minimum=0,
    minimum_of="",
    most_rows=1_048_576,
    most_bytes=512 * MB,
    advertises=False,
    carries=True,
    sources=("knowledge.hubspot.com/import-and-export/set-up-your-import-file (headers, limits)",),
)
SALESFORCE = Platform(
    name="salesforce",
    title="Salesforce leads",
    columns=(
        one("First Name", "name", "first_name"),
        one("Last Name", "name", "last_name"),
        one("Company", "work", "company"),
        one("Title", "work", "title"),
        Column("Email", "email", lambda people: list(people.emails[0])),
        Column("Phone", "phone", lambda people: list(people.phones[0])),
        *(
            one(header, "address", name)
            for header, name in zip(
                ("Street", "City", "State", "Postal Code", "Country"), _POSTAL, strict=True
            )
        ),
    ),
    matchable=((LAST, ("company", "work")),),
    minimum=0,
    minimum_of="",
    most_rows=50_000,
    most_bytes=100 * MB,
    advertises=False,
    carries=True,
    sources=(
        "help.salesforce.com xcloud.field_mapping_for_importing_leads (headers)",
        "help.salesforce.com sf.faq_import_general (50,000 records, 100 MB)",
    ),
)
PLAIN = Platform(
    name="plain",
    title="Plain CSV",
    columns=(
        Column("person_id", "id", lambda people: [str(number) for number in people.person_ids.tolist()]),
        *(
            Column(f"email{slot + 1}", "email", lambda people, slot=slot: list(people.emails[slot]), slot + 1)
            for slot in range(3)
        ),
        *(
            Column(f"phone{slot + 1}", "phone", lambda people, slot=slot: list(people.phones[slot]), slot + 1)
            for slot in range(3)
        ),
        one("maid", "maid", "maids"),
        one("first_name", "name", "first_name"),
        one("last_name", "name", "last_name"),
        *(one(name, "address", name) for name in _POSTAL),
    ),
    matchable=((("id", "id"),),),
    minimum=0,
    minimum_of="",
    most_rows=None,
    most_bytes=None,
    advertises=False,
    carries=True,
    sources=(),
)
