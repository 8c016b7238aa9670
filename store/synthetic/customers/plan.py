"""Which customer files are made, and which segments are planted in them?"""

from dataclasses import dataclass
from typing import Literal

CellKind = Literal[
    "email",
    "phone",
    "address",
    "maid",
    "email_sha256",
    "email_md5",
    "first_name",
    "last_name",
    "state",
    "orders",
    "spend",
]
IDENTIFIER_CELLS: frozenset[CellKind] = frozenset(
    {"email", "phone", "address", "maid", "email_sha256", "email_md5"}
)
# Of a file's persons this part has all traits of its segment; each of the others lacks exactly one.
WHOLE_SHARE = 0.7
FEWEST, MOST, LARGEST_SHARE = 2_000, 20_000, 0.045


@dataclass(frozen=True)
class Segment:
    """A group of customers that have the same traits, as (attribute, value), and its share of the file."""

    name: str
    share: float
    traits: tuple[tuple[str, str], ...]
    spend_usd: float = 100.0


@dataclass(frozen=True)
class CustomerFile:
    """A CSV file: its columns (heading -> what a cell holds) and segments; the rest are of everybody."""

    name: str
    size_at_million: int
    columns: dict[str, CellKind]
    segments: tuple[Segment, ...] = ()
    is_small: bool = False

    def size(self, people: int) -> int:
        """How many customers it has in a population of this size; grows more slowly than the population."""
        grown = self.size_at_million * (people / 1e6) ** 0.7
        size = self.size_at_million if self.is_small else min(max(grown, FEWEST), MOST)
        return int(min(size, LARGEST_SHARE * people))

    @property
    def background_share(self) -> float:
        """The share of its customers that belongs to no segment."""
        return 1 - sum(segment.share for segment in self.segments)


def _yes(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, "Yes") for name in names)


CUSTOMER_FILES = (
    CustomerFile(
        "golf_homeowners",
        12_000,
        {
            "E-Mail Address": "email",
            "Mobile": "phone",
            "Street Address": "address",
            "# Orders": "orders",
            "Total Spend (USD)": "spend",
        },
        (
            Segment(
                "Golfers in their own home",
                0.28,
                _yes("interested_golf", "is_home_owner", "owns_investments"),
                640,
            ),
            Segment(
                "Anglers with a workshop",
                0.18,
                _yes("interested_fishing", "interested_cars", "purchased_tools"),
                310,
            ),
            Segment(
                "Wine and theater",
                0.16,
                _yes("interested_wine", "interested_theater", "interested_travel"),
                420,
            ),
            Segment(
                "Young and gaming",
                0.12,
                (("generation", "Gen Z"), *_yes("interested_video_games", "interested_technology")),
                90,
            ),
        ),
    ),
    CustomerFile(
        "wellness_box",
        8_000,
        {
            "customer email": "email",
            "Phone No.": "phone",
            "given": "first_name",
            "family name": "last_name",
            "boxes_ordered": "orders",
            "ltv": "spend",
        },
        (
            Segment(
                "Fit Millennials",
                0.24,
                (("generation", "Millennial"), *_yes("interested_fitness", "interested_healthy_living")),
                380,
            ),
            Segment(
                "Women who practise yoga",
                0.16,
                (
                    ("gender", "Female"),
                    *_yes("interested_yoga", "interested_healthy_living", "is_health_conscious"),
                ),
                450,
            ),
            Segment(
                "Runners on supplements",
                0.14,
                _yes("interested_running", "purchased_sporting_goods", "purchased_health_supplements"),
                520,
            ),
            Segment(
                "Older gardeners who cook",
                0.14,
                (("generation", "Boomer"), *_yes("interested_gardening", "interested_cooking")),
                240,
            ),
            Segment(
                "Beauty and fashion",
                0.10,
                _yes("interested_beauty", "interested_fashion", "purchased_beauty_products"),
                200,
            ),
        ),
    ),
    CustomerFile(
        "pet_supplies",
        6_000,
        {"Contact": "email", "Home": "address", "ST": "state", "Lifetime Value": "spend", "orders": "orders"},
        (
            Segment(
                "Families with a dog",
                0.30,
                _yes("interested_dogs", "is_pet_owner", "purchased_pet_supplies", "purchased_toys"),
                330,
            ),
            Segment(
                "Readers with a cat",
                0.20,
                _yes("interested_cats", "interested_reading", "purchased_books"),
                210,
            ),
            Segment(
                "Outdoors with the dog",
                0.20,
                _yes("interested_dogs", "interested_hiking", "interested_camping"),
                290,
            ),
        ),
    ),
    CustomerFile(
        "newsletter_hashed",
        5_000,
        {"EM_SHA256": "email_sha256", "EM_MD5": "email_md5", "Issues Opened": "orders"},
        (
            Segment(
                "Investors who earn well",
                0.35,
                (("household_income_range", "$150K+"), *_yes("interested_investing", "owns_investments")),
            ),
            Segment(
                "Bakers in their own home",
                0.30,
                _yes("interested_baking", "is_home_owner", "interested_home_decorating"),
            ),
        ),
    ),
    CustomerFile(
        "app_users",
        10_000,
        {"Device ID": "maid", "Login (e-mail)": "email", "sessions": "orders", "in_app_revenue": "spend"},
        (
            Segment(
                "First with new technology",
                0.30,
                _yes("is_early_adopter", "interested_technology", "purchased_electronics"),
                70,
            ),
            Segment(
                "Sports on a stream",
                0.25,
                _yes("interested_football", "interested_basketball", "has_streaming_subscription"),
                45,
            ),
            Segment(
                "Parents who order online",
                0.20,
                _yes("interested_parenting", "purchased_toys", "is_online_shopper"),
                55,
            ),
        ),
    ),
    CustomerFile(
        "drawn_at_random",
        4_000,
        {"email": "email", "telephone": "phone", "postal address": "address", "spend_usd": "spend"},
    ),
    CustomerFile(
        "pilot_store",
        40,
        {"Mail": "email", "Tel.": "phone", "Revenue": "spend"},
        (
            Segment(
                "Collectors of history",
                0.6,
                _yes("interested_history", "interested_reading", "interested_science"),
                150,
            ),
        ),
        is_small=True,
    ),
)
