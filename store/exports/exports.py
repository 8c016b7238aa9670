"""Files that leave the house: written as a stream, fetched through a signed link for one hour."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import numpy as np
from pydantic import BaseModel
from sqlmodel import col, update

from store.access import LOCAL
from store.artifacts import written_whole
from store.errors import Conflict, Expired, NotFound
from store.exports.people import People, distinct, holds, write_people
from store.exports.writing import Batch, Format, Row, write_csv, write_json
from store.records import Database, Export
from store.records.access.audit import AuditEntry, Detail, note
from store.signing import Signer
from store.warehouse import Warehouse

LIFE = timedelta(hours=1)


class ExportLink(BaseModel):
    """Where an export can be fetched, and until when."""

    url: str
    format: Format
    rows: int
    size_bytes: int
    expires_at: datetime


class Exports:
    """The exports of one FIELDMARK_HOME."""

    def __init__(self, folder: Path, database: Database, signer: Signer, base_url: str) -> None:
        self._folder, self._database, self.signer, self._base_url = folder, database, signer, base_url
        self._people = folder.with_name("exported")  # whose files they were; it stays

    def write(
        self,
        export_id: str,
        format: Format,
        columns: list[str],
        batches: Iterable[Batch],
        *,
        warehouse: str,
        workflow_id: str,
        now: datetime,
        actor: str = LOCAL,
        header: list[str] | None = None,
        flat: Callable[[Row], Row] = dict,
        shaped: Callable[[Row], Row] = dict,
        people: np.ndarray | None = None,
        snapshot_id: str = "",
        platform: str = "",
    ) -> ExportLink:
        """Write the batches to disk as they come and return the link; nothing stays of one that fails.

        An export of this id that was written before, and has not expired, is answered as it is.
        Batches are Arrow tables of flat rows, or lists of texts by column, which `shaped` nests for JSON, or
        nested rows, which `flat` flattens for CSV. `columns` is the header of a CSV, where no `header` says
        what they are called there.

        Who is in it is kept besides: `people`, or the `person_id` of every row. snapshot_id: that of the
        ids. Raises Expired for an id whose export was revoked within its hour, and Conflict where somebody
        in it was erased while it was written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self.forget_expired(now)
        path = self._folder / f"{export_id}.{format}"
        kept = self._database.get(Export, export_id)
        if kept and now < kept.expires_at:
            if kept.revoked_at:
                raise _revoked()
            if path.exists():
                return self._link(kept)
        gathered = People()
        batches = gathered.noted(batches) if people is None else batches
        with written_whole(path) as beside:
            if format == "csv":
                rows = write_csv(beside, columns, batches, flat, header or columns)
            else:
                rows = write_json(beside, batches, shaped, lines=format == "jsonl")
            size = beside.stat().st_size
            os.utime(beside, (now.timestamp(), now.timestamp()))  # its hour is counted from here
        ids = gathered.ids() if people is None else distinct(people)
        record = Export(
            export_id=export_id,
            workflow_id=workflow_id,
            warehouse=warehouse,
            format=format,
            rows=rows,
            size_bytes=size,
            actor=actor,
            people=len(ids),
            snapshot_id=snapshot_id,
            platform=platform,
            created_at=now,
            expires_at=now + LIFE,
        )
        try:
            self._keep(record, ids)
        except BaseException:  # also on an interrupt no file stays that no record names
            path.unlink(missing_ok=True)
            self._people_of(export_id).unlink(missing_ok=True)
            raise
        self._require_nobody_erased(record, ids)
        return self._link(record)

    def _keep(self, record: Export, ids: np.ndarray) -> None:
        """The people first, then who had it written: no record is without them."""
        if len(ids):
            write_people(ids, self._people_of(record.export_id))
        figures = {"rows": record.rows, "people": len(ids), "format": record.format}
        self._note("export.written", record, record.actor, record.created_at, **figures)
        self._database.keep(record)

    def _require_nobody_erased(self, record: Export, ids: np.ndarray) -> None:
        # An erasure looks for exports after it is kept, and this looks for erasures after the export is:
        # of two at the same time one sees the other.
        if not len(ids) or not record.warehouse:
            return
        erased = Warehouse(self._folder.parent, record.warehouse).erasures.ids(record.snapshot_id)
        if np.isin(erased, ids, assume_unique=True).any():
            self.revoke(record.export_id, record.created_at, record.actor)
            raise Conflict(
                "Somebody in this export was erased while it was written",
                where="export",
                instead="Ask again: the next one is without them.",
            )

    def _note(self, action: str, record: Export, actor: str, now: datetime, **detail: Detail) -> None:
        # Of the export and its time, so that a step that runs again has no second entry of one moment.
        entry_id = f"audit_{action}_{record.export_id}_{now.timestamp():.6f}"
        entry = AuditEntry(
            entry_id=entry_id,
            actor=actor,
            action=action,
            about=record.export_id,
            detail={"warehouse": record.warehouse, **detail},
            created_at=now,
        )
        note(self._database, entry)

    def _people_of(self, export_id: str) -> Path:
        return self._people / f"{export_id}.parquet"

    def held(self, record: Export, person_ids: Iterable[int]) -> list[int] | None:
        """Which of these were in an export; None where it was written before that was kept."""
        if record.people is None:
            return None
        path = self._people_of(record.export_id)
        return holds(path, person_ids) if record.people and path.exists() else []

    def note_delivery(self, export_id: str, destination: str, url: str, now: datetime, actor: str) -> None:
        """Keep where an export was delivered besides; with no destination, that it was taken back there."""
        record = self._named(export_id)
        noting = update(Export).where(col(Export.export_id) == export_id)
        with self._database.session() as session:
            session.exec(noting.values(delivered_to=destination, delivered_url=url))
        action = "export.delivered" if destination else "export.withdrawn"
        self._note(action, record, actor, now, destination=destination or record.delivered_to)

    def _link(self, record: Export) -> ExportLink:
        name = f"{record.export_id}.{record.format}"
        signature = self.signer.sign(name, record.expires_at)
        query = urlencode({"expires": int(record.expires_at.timestamp()), "signature": signature})
        return ExportLink(
            url=f"{self._base_url}/v1/exports/{name}?{query}",
            **record.model_dump(include={"format", "rows", "size_bytes", "expires_at"}),
        )

    def fetch(self, name: str, expires: int, signature: str, now: datetime) -> Path:
        """The file of a signed link.

        Raises NotFound for a link we did not make, Expired after its hour or where it was revoked.
        """
        try:
            expires_at = datetime.fromtimestamp(expires, UTC)
        except (OverflowError, OSError, ValueError):
            raise _unknown() from None
        if not self.signer.is_signed(name, expires_at, signature):
            raise _unknown()
        path = self._folder / name
        record = self._database.get(Export, _id_of(name))
        if record and record.revoked_at:
            raise _revoked()
        if now >= expires_at or not path.exists():
            raise Expired(
                "This export's hour is over and its file is gone",
                where="export",
                instead="Run the request again; its workflow_id finds what it was.",
            )
        return path

    def count_download(self, name: str) -> None:
        """Count that the file of this name was sent."""
        more = update(Export).where(col(Export.export_id) == _id_of(name))
        with self._database.session() as session:
            session.exec(more.values(downloads=col(Export.downloads) + 1))

    def revoke(self, export_id: str, now: datetime, actor: str = LOCAL) -> bool:
        """Remove an export at once; its link answers 410 from then on. Raises NotFound.

        Whether it was this time that it was revoked.
        """
        record = self._named(export_id)
        (self._folder / f"{export_id}.{record.format}").unlink(missing_ok=True)
        revoking = update(Export).where(col(Export.export_id) == export_id, col(Export.revoked_at).is_(None))
        with self._database.session() as session:
            is_first = session.exec(revoking.values(revoked_at=now)).rowcount > 0
        if is_first:
            self._note("export.revoked", record, actor, now)
        return is_first

    def _named(self, export_id: str) -> Export:
        record = self._database.get(Export, export_id)
        if record is None:
            raise NotFound(
                "There is no such export", where="export_id", instead="`GET /v1/exports` lists them."
            )
        return record

    def path(self, link: ExportLink) -> Path:
        """Where the file of a link lies, for whoever made it."""
        return self._folder / Path(urlsplit(link.url).path).name

    def forget_expired(self, now: datetime) -> None:
        """Remove files whose hour is over."""
        for path in self._folder.glob("*"):
            with suppress(FileNotFoundError):  # another call removed it first
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) + LIFE <= now:
                    path.unlink()


def _id_of(name: str) -> str:
    return name.rpartition(".")[0]


def _revoked() -> Expired:
    return Expired(
        "This export was revoked and its file is gone",
        where="export",
        instead="Ask whoever revoked it, or write a new one.",
    )


def _unknown() -> NotFound:
    return NotFound(
        "There is no such export",
        where="export",
        instead="Use the link as it was given, with its expires and signature.",
    )
