"""Which files do the advertising platforms match, in which form, and within which limits?

Looked up on 2026-11-22 in what the platforms publish; `sources` names each page. Where pages disagree or
leave something open, docs/activation.md says what was chosen.
"""

from collections.abc import Callable

from tools.activation.contacts import Contacts
from tools.activation.forms import (
    Texts,
    bare_name,
    bare_phone,
    bare_place,
    google_email,
    google_name,
    meta_zip,
    sha256,
    shortened,
)
from tools.activation.platforms.platform import (
    EMAIL,
    FIRST,
    LAST,
    MB,
    PHONE,
    Column,
    Platform,
    hashed,
    one,
    slots,
)


def _zip_hashed() -> Callable[[Contacts], Texts]:
    def values(people: Contacts) -> Texts:
        pairs = zip(people.zip, people.country, strict=True)
        return [sha256(meta_zip(code, country)) if code else None for code, country in pairs]

    return values


def _lower(value: str) -> str:
    return value.lower()


GOOGLE = Platform(
    name="google_customer_match",
    title="Google Ads Customer Match",
    columns=(
        *slots("Email", "email", hashed(google_email)),
        *slots("Phone", "phone", hashed()),
        one("First Name", "name", "first_name", hashed(google_name)),
        one("Last Name", "name", "last_name", hashed(google_name)),
        one("Country", "address", "country"),
        one("Zip", "address", "zip"),
    ),
    matchable=(
        (EMAIL,),
        (PHONE,),
        (FIRST, LAST, ("country", "address"), ("zip", "address")),
    ),
    minimum=100,
    minimum_of="users of the last 30 days among those matched",
    most_rows=None,
    most_bytes=None,
    advertises=True,
    carries=False,
    sources=(
        "support.google.com/google-ads/answer/7659867 (headers)",
        "developers.google.com/data-manager/api/devguides/concepts/formatting (forms)",
        "support.google.com/google-ads/answer/7476585 (100 on every network)",
        "support.google.com/google-ads/answer/14546648 (consent in the EEA)",
    ),
)
META = Platform(
    name="meta",
    title="Meta customer list",
    columns=(
        *slots("email", "email", hashed()),
        *slots("phone", "phone", hashed(bare_phone)),
        one("madid", "maid", "maids"),
        one("fn", "name", "first_name", hashed(bare_name)),
        one("ln", "name", "last_name", hashed(bare_name)),
        one("ct", "address", "city", hashed(bare_place)),
        one("st", "address", "state", hashed(bare_place)),
        Column("zip", "address", _zip_hashed()),
        one("country", "address", "country", hashed(_lower)),
    ),
    matchable=(
        (EMAIL,),
        (PHONE,),
        (("maids", "maid"),),
        (FIRST, LAST, ("zip", "address")),
        (FIRST, LAST, ("city", "address"), ("state", "address")),
    ),
    minimum=100,
    minimum_of="people in the list",
    most_rows=None,
    most_bytes=None,
    advertises=True,
    carries=False,
    sources=(
        "facebook.com/business/help/2082575038703844 (headers, 100 people)",
        "developers.facebook.com/docs/marketing-api/custom-audience-api (keys, what is hashed)",
        "facebook.com/business/help/2220749868045706 (special ad categories)",
    ),
)
LINKEDIN = Platform(
    name="linkedin",
    title="LinkedIn contact list",
    columns=(
        *slots("email", "email", hashed(), most=1),
        one("firstname", "name", "first_name", shortened(35)),
        one("lastname", "name", "last_name", shortened(35)),
        one("jobtitle", "work", "title", shortened(50)),
        one("employeecompany", "work", "company", shortened(50)),
        one("country", "address", "country"),
        one("googleaid", "maid", "android"),
    ),
    matchable=((EMAIL,), (FIRST, LAST), (("android", "maid"),)),
    minimum=300,
    minimum_of="rows, and as many members matched",
    most_rows=300_000,
    most_bytes=20 * MB,
    advertises=True,
    carries=False,
    sources=(
        "linkedin.com/help/lms/answer/a1489764 (300 rows, 300,000 records, 20 MB, what is matched)",
        "content.linkedin.com LinkedIn_Ads_Contact_Match_Template.csv (headers)",
    ),
)
TIKTOK = Platform(
    name="tiktok",
    title="TikTok customer file",
    columns=(
        *slots("Email_SHA256", "email", hashed()),
        *slots("Phone_SHA256", "phone", hashed()),
        one("MAID_SHA256", "maid", "maids", hashed()),
    ),
    matchable=((EMAIL,), (PHONE,), (("maids", "maid"),)),
    minimum=1_000,
    minimum_of="entries in the file",
    most_rows=None,
    most_bytes=1_000 * MB,
    advertises=True,
    carries=False,
    sources=(
        "ads.tiktok.com/help/article/how-to-create-a-custom-audience-with-a-customer-file (forms, limits)",
        "ads.tiktok.com/help/article/list-of-supported-ids-and-formats-for-a-customer-file (headers)",
    ),
)
