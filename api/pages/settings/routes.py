"""The settings, put together."""

from fastapi import APIRouter

from api.pages.settings.access.account import account_pages
from api.pages.settings.access.keys import key_pages
from api.pages.settings.access.members import member_pages
from api.pages.settings.feedback.routes import feedback_pages
from api.pages.settings.leaving.destinations import destination_pages
from api.pages.settings.leaving.privacy import privacy_pages
from api.pages.settings.leaving.webhooks import webhook_pages
from api.pages.settings.matches.routes import match_pages
from api.pages.settings.overview import overview_pages
from api.pages.settings.records.audit import audit_pages
from api.pages.settings.records.usage import usage_pages
from api.pages.settings.tracing.model import model_pages
from api.pages.settings.tracing.traces import trace_pages
from api.pages.settings.warehouses.routes import warehouse_pages

PARTS = (
    overview_pages,
    warehouse_pages,
    account_pages,
    member_pages,
    key_pages,
    privacy_pages,
    destination_pages,
    webhook_pages,
    usage_pages,
    model_pages,
    feedback_pages,
    match_pages,
    trace_pages,
    audit_pages,
)


def settings_pages() -> APIRouter:
    """`/settings` and its parts."""
    router = APIRouter()
    for part in PARTS:
        router.include_router(part())
    return router
