"""How are the events of a property to be read? What differs from one GA4 property to the next."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

KEY = r"^[A-Za-z0-9_ .-]{1,40}$"


class EventReading(BaseModel):
    """What the house cannot know of a property: its money, its keys, and who a user is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    user: Literal["device", "person"] = Field(
        default="device",
        description="`device`: a user is a user_pseudo_id. `person`: it is the user_id that a device was "
        "last known by, and the device itself where it never was.",
    )
    money: Literal["usd", "local"] = Field(
        default="usd",
        description="`usd`: revenue and prices as GA4 converts them; `local`: in the property's currency. "
        "The two are never mixed.",
    )
    user_type_key: str = Field(
        default="user_type", pattern=KEY, description="The user property that holds the type of a user."
    )
    plan_key: str = Field(
        default="plan_level", pattern=KEY, description="The user property that holds a user's plan."
    )

    @property
    def suffix(self) -> str:
        """What the names of the export's columns of money end in."""
        return "_in_usd" if self.money == "usd" else ""
