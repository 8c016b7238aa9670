"""Settings, and the one place where the environment is read."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.geocoding import online_geocoder
from store.errors import BadInput
from store.model_access import ModelAccess
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
    database_url: str = Field(
        default="",
        pattern=r"^(postgresql://.+)?$",
        description="`postgresql://…`: records, checkpoints and jobs are kept there, else in SQLite.",
    )
    jobs_concurrency: int = Field(default=2, ge=1, le=64, description="Jobs that a worker does at a time.")
    jobs_queued: int = Field(default=100, ge=1, description="Jobs that may wait for a worker.")
    jobs_per_minute: int = Field(default=0, ge=0, description="Jobs begun in a minute; 0 is no limit.")
    job_seconds: float = Field(default=3600, gt=0, description="Seconds that a job may take.")

    llm_base_url: str = Field(
        default="", description="An OpenAI-compatible server, `http://127.0.0.1:8080/v1`; none by default."
    )
    llm_api_key: str = Field(default="", repr=False, description="Its key, where it wants one.")
    llm_model: str = Field(default="", description="The model to ask there.")
    llm_timeout: float = Field(default=60, gt=0, le=600, description="Seconds that one answer may take.")
    llm_run_seconds: float = Field(
        default=600, gt=0, description="Seconds that all answers of a run may take."
    )
    llm_concurrency: int = Field(default=4, ge=1, le=32, description="Texts asked for at the same time.")
    llm_budget: int = Field(default=60_000, ge=0, description="Tokens a run may use, in and out.")
    llm_price_in: float = Field(default=0, ge=0, description="Price of a million tokens sent.")
    llm_price_out: float = Field(default=0, ge=0, description="Price of a million tokens answered.")

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
            database_url=self.database_url,
            model=self.model(),
        )

    def model(self) -> ModelAccess | None:
        """The language model of these settings, or None. Raises BadInput when half of it is said."""
        if not (self.llm_base_url or self.llm_model):
            return None
        if not (self.llm_base_url.startswith(("http://", "https://")) and self.llm_model):
            raise BadInput(
                "A language model needs its server and its name",
                where="FIELDMARK_LLM_BASE_URL, FIELDMARK_LLM_MODEL",
                instead="Set both, the first to an http(s) URL, or neither.",
            )
        return ModelAccess(
            base_url=self.llm_base_url,
            model=self.llm_model,
            api_key=self.llm_api_key,
            timeout_seconds=self.llm_timeout,
            run_seconds=self.llm_run_seconds,
            concurrency=self.llm_concurrency,
            budget_tokens=self.llm_budget,
            price_in=self.llm_price_in,
            price_out=self.llm_price_out,
        )

    def warehouse_named(self, name: str | None, home: Path | None = None) -> str:
        """The name, or the warehouse of the settings, or the only one. Raises BadInput when unclear."""
        if name or self.warehouse:
            return name or self.warehouse
        names = warehouse_names(home or self.home)
        if len(names) == 1:
            return names[0]
        raise BadInput(
            "Which warehouse?" if names else "There is no warehouse yet",
            where="warehouse",
            instead=f"Name one of {', '.join(names)}."
            if names
            else "`fieldmark load FILE --warehouse NAME` makes one.",
        )

    def warehouse_if_any(self, name: str | None, home: Path | None = None) -> str | None:
        """The name, or the warehouse of the settings, or the only one; None where it is not clear."""
        if name or self.warehouse:
            return name or self.warehouse
        names = warehouse_names(home or self.home)
        return names[0] if len(names) == 1 else None
