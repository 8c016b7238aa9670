"""Settings, and the one place where the environment is read."""

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.geocoding import online_geocoder
from store.access import LOCAL
from store.errors import BadInput
from store.model_access import ModelAccess
from store.tariff import Tariff
from store.warehouse import warehouse_names
from store.workspace import House, organisation_home


class Settings(BaseSettings):
    """What a house can be told through the environment. Every field is `FIELDMARK_` and its name."""

    model_config = SettingsConfigDict(env_prefix="FIELDMARK_", extra="ignore")

    home: Path = Field(default=Path(".fieldmark"), description="The folder of all state.")
    organisation: str = Field(
        default=LOCAL,
        pattern=r"^(local|org_[A-Za-z0-9-]{1,60})$",
        description="Whose house the commands open: `local`, or an id from `fieldmark organisations list`.",
    )
    server: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="A served house that commands ask instead of this machine's: `https://…`.",
    )
    api_key: str = Field(default="", repr=False, description="The key to that server: `sk_live_…`.")
    warehouse: str = Field(
        default="", description="The warehouse when a call names none; the only one there is."
    )
    base_url: str = Field(default="http://127.0.0.1:8321", description="Where links to exports point.")
    memory: str = Field(default="1GB", description="Memory that reading source files may use.")
    processes: int = Field(default=0, ge=0, description="Processes that build shards; 0 is one a processor.")
    export_folders: str = Field(
        default="",
        description="Folders below which a `file://` destination may lie, parted by `:`; by default none.",
    )
    geocoder: str = Field(
        default="", description="`nominatim` or the URL of a Nominatim server: addresses are then sent there."
    )
    database_url: str = Field(
        default="",
        pattern=r"^(postgresql://.+)?$",
        description="`postgresql://…`: records, checkpoints and jobs are kept there, else in SQLite.",
    )
    auth: Literal["local", "required"] = Field(
        default="local",
        description="`local`: whoever is on this machine is the owner. `required`: everybody needs a key, or "
        "signs in.",
    )
    allowed_hosts: str = Field(
        default="",
        description="Names, by commas, under which the house is served beside 127.0.0.1 and localhost.",
    )
    requests_per_minute: int = Field(
        default=600, ge=0, le=1_000_000, description="Requests a minute of a key or a member; 0 is no limit."
    )
    oidc_issuer: str = Field(default="", description="The OpenID provider that members sign in with.")
    oidc_client_id: str = Field(default="", description="Who this house is there.")
    oidc_client_secret: str = Field(default="", repr=False, description="Its secret there, where it has one.")
    jobs_concurrency: int = Field(default=2, ge=1, le=64, description="Jobs that a worker does at a time.")
    jobs_queued: int = Field(default=100, ge=1, description="Jobs that may wait for a worker.")
    jobs_per_minute: int = Field(default=0, ge=0, description="Jobs begun in a minute; 0 is no limit.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least that `serve` and `worker` log."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto", description="`json`, a line each; `text` to read; `auto`: text on a terminal."
    )
    metrics_token: str = Field(
        default="", repr=False, description="Who sends it as a Bearer token may read `/metrics`."
    )
    otlp_endpoint: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="Where OpenTelemetry's spans are sent, `http://127.0.0.1:4318`; nowhere by default.",
    )
    ready_disk_mb: int = Field(
        default=500, ge=0, description="Megabytes of the disk that must be free to be ready."
    )
    job_seconds: float = Field(default=3600, gt=0, description="Seconds that a job may take.")

    webhooks_private: bool = Field(
        default=False,
        description="Webhooks may go to loopback (also without TLS) and to private networks.",
    )
    webhooks_ports: str = Field(
        default="443,8443",
        pattern=r"^[0-9]{1,5}(,[0-9]{1,5})*$",
        description="Ports, by commas, that webhooks are sent to.",
    )
    webhooks_concurrency: int = Field(
        default=8,
        ge=1,
        le=64,
        description="Webhooks that a worker sends at a time, half of them to one receiver.",
    )

    mail_server: str = Field(
        default="",
        repr=False,
        pattern=r"^(smtps?://.+)?$",
        description="Through which briefings are mailed: `smtp://user:password@host:587` (STARTTLS) or "
        "`smtps://…`; none by default.",
    )
    mail_from: str = Field(default="", description="The sender of briefings: `Fieldmark <icp@example.com>`.")

    credits_per_row: float = Field(default=0.5, ge=0, le=1_000, description="Credits of a scored row.")
    credits_per_month: float = Field(
        default=0, ge=0, description="Credits an organisation may use in a month of UTC; 0 is no limit."
    )

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
        """The house that these settings describe, of their organisation."""
        house = House(
            self.home.absolute(),
            base_url=self.base_url.rstrip("/"),
            now=lambda: datetime.now(UTC),
            new_id=lambda: str(uuid.uuid4()),
            geocode=online_geocoder(self.geocoder) if self.geocoder else None,
            database_url=self.database_url,
            model=self.model(),
            tariff=Tariff(self.credits_per_row, self.credits_per_month),
        )
        return house.of(self.organisation)

    @property
    def own_home(self) -> Path:
        """The folder of the organisation's own state."""
        return self.home if self.organisation == LOCAL else organisation_home(self.home, self.organisation)

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

    def own_hosts(self) -> list[str]:
        """The names under which the house is served: those that are allowed, and that of `base_url`."""
        named = [name.strip() for name in self.allowed_hosts.split(",") if name.strip()]
        return [*named, *filter(None, [urlsplit(self.base_url).hostname])]

    def warehouse_named(self, name: str | None, home: Path | None = None) -> str:
        """The name, or the warehouse of the settings, or the only one. Raises BadInput when unclear."""
        if name or self.warehouse:
            return name or self.warehouse
        names = warehouse_names(home or self.own_home)
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
        names = warehouse_names(home or self.own_home)
        return names[0] if len(names) == 1 else None
