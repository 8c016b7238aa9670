"""A plain table of outcomes, with columns called what they are."""

from store.outcomes.shapes.shape import Shape

_OUTCOME = ("outcome", "status", "result", "dealstatus", "dealoutcome")
_DECIDED = (
    "decidedat",
    "decidedon",
    "closedat",
    "closedon",
    "closedate",
    "decisiondate",
    "outcomedate",
    "date",
)

PLAIN = Shape(
    name="plain",
    label="a plain table of outcomes",
    headers={
        "record_id": ("recordid", "dealid", "opportunityid", "outcomeid"),
        "account_id": ("accountid", "companyid", "organizationid", "organisationid", "account"),
        "account_name": ("accountname", "companyname", "company"),
        "person_id": ("personid", "customerid", "contactid", "userid"),
        "email": ("email", "emailaddress", "contactemail"),
        "outcome": _OUTCOME,
        "is_won": ("iswon", "won"),
        "is_lost": ("islost", "lost"),
        "is_closed": ("isclosed", "closed"),
        "deal_type": ("dealtype", "type"),
        "decided_at": _DECIDED,
        "opened_at": ("openedat", "openedon", "createdat", "createdon", "createdate", "startedat"),
        "amount": ("amount", "acv", "value", "dealvalue", "contractvalue"),
        "currency": ("currency", "currencycode"),
        "won_reason": ("wonreason", "winreason"),
        "lost_reason": ("lostreason", "lossreason", "churnreason"),
        "reason": ("reason", "reasons", "outcomereason"),
        "products": ("products", "product"),
        "last_activity": ("lastactivity", "lastactivityat", "lastactivitydate", "lastcontactedat"),
    },
    marks=tuple(frozenset({outcome, decided}) for outcome in _OUTCOME for decided in _DECIDED),
    afterwards=frozenset({"probability", "winprobability", "stage", "cycledays", "daystoclose"}),
    naming=frozenset({"name", "dealname", "owner", "description", "notes", "comment", "comments"}),
)
