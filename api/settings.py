"""Settings, and the one place where the environment is read."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.geocoding import online_geocoder
from store.errors import BadInput
from store.warehouse import warehouse_names
from store.workspace import House


class Settings(BaseSettings):
    """What a house can be told through the environment. Every field is `FIELDMARK_` and its name."""

    model_config = SettingsConfigDict(env_prefix="FIELDMARK_", extra="ignore")

    home: Path = Field(default=Path(".fieldmark"), description="The folder of all state.")
    warehouse: str = Field(
        default="", description="The warehouse when a call names none; the only one there is."
    )
    base_url: str = Field(default="http://127.0.0.1:8321", description="Where links to exports point.")
    memory: str = Field(default="1GB", description="Memory that reading source files may use.")
    processes: int = Field(default=0, ge=0, description="Processes that build shards; 0 is one a processor.")
    geocoder: str = Field(
        default="", description="`nominatim` or the URL of a Nominatim server: addresses are then sent there."
    )

    @classmethod
    def read(cls) -> "Settings":
        """The settings of this environment. Raises BadInput that names the setting, not its value."""
        try:
            return cls()
        except ValidationError as error:
            problems = [
                f"FIELDMARK_{'.'.join(map(str, e['loc']))}".upper() + f": {e['msg']}" for e in error.errors()
            ]
            raise BadInput("A setting does not fit", where="; ".join(problems)) from None

    def house(self) -> House:
        """The house that these settings describe."""
        return House(
            self.home.absolute(),
            base_url=self.base_url.rstrip("/"),
            now=lambda: datetime.now(UTC),
            new_id=lambda: str(uuid.uuid4()),
            geocode=online_geocoder(self.geocoder) if self.geocoder else None,
        )

    def warehouse_named(self, name: str | None) -> str:
        """The name, or the warehouse of the settings, or the only one. Raises BadInput when unclear."""
        if name or self.warehouse:
            return name or self.warehouse
        names = warehouse_names(self.home)
        if len(names) == 1:
            return names[0]
        raise BadInput(
            "Which warehouse?" if names else "There is no warehouse yet",
            where="warehouse",
            instead=f"Name one of {', '.join(names)}."
            if names
            else "`fieldmark load FILE --warehouse NAME` makes one.",
        )
