"""What do the tags, the names of operations and the errors of the API mean?"""

TAGS = {
    "tools": "Every capability as one call: the same names, schemas and answers as over MCP, on the command "
    "line and in the conversation.",
    "jobs": "Any tool, done by a worker while nobody waits: asked for, followed, stopped, decided for, read.",
    "warehouses": "The data sets of an organisation, and their snapshots.",
    "analyses": "Analyses of customers that were made: figures, segments, criteria, and the page to read.",
    "audiences": "Audiences that were made.",
    "briefings": "Briefings that were made, who gets them, and what became of each one sent.",
    "schedules": "Briefings and alerts that come again and again.",
    "runs": "From what each run was made; made again, and compared.",
    "outcomes": "Won, lost, churned and expanded: recorded, and summed up.",
    "ideal customers": "The ideal customer of a warehouse from what its users do, and the score of a lead.",
    "ideal customer profiles": "Profiles: made, proposed, edited, compared, shared, and scored against.",
    "chat": "A conversation in plain words: plans, turns as events, and what was said.",
    "exports": "Files that were written, and their signed links.",
    "traces": "What happened under a workflow, and what was said of it.",
    "matches": "Whose identifier is whose, corrected: split, merged, and taken back.",
    "privacy": "What is held about somebody, and that they are forgotten.",
    "usage": "What was used, and what it costs.",
    "access": "Who may do what: keys, members, sign-in, the audit.",
    "webhooks": "Events that are sent to an address of yours, and how they arrived.",
    "health": "Whether the house answers, is ready, and how much it does.",
}

# Of operations whose function is named otherwise.
NAMES = {
    ("get", "/v1/tools"): "list_tools",
    ("post", "/v1/chat"): "say_in_chat",
    ("post", "/v1/chat/plan"): "plan_message",
    ("get", "/v1/exports"): "list_exports",
    ("delete", "/v1/exports/{export_id}"): "revoke_export",
    ("get", "/v1/exports/{name}"): "download_export",
    # Tools have these names already: a list of one warehouse, of which this one has all.
    ("get", "/v1/schedules"): "page_schedules",
    ("get", "/v1/feedback"): "page_feedback",
    ("get", "/v1/corrections"): "page_corrections",
    ("get", "/v1/usage"): "show_usage",
    ("get", "/v1/warehouses/{warehouse}/icp-analysis"): "show_icp_analysis",
    ("post", "/v1/warehouses/{warehouse}/icp-score"): "score_icp_lead",
    ("get", "/v1/warehouses/{warehouse}/outcomes"): "summarise_outcomes",
    ("get", "/v1/keys"): "list_keys",
    ("post", "/v1/keys"): "create_key",
    ("delete", "/v1/keys/{key_id}"): "revoke_key",
    ("get", "/v1/members"): "list_members",
    ("post", "/v1/members"): "add_member",
    ("patch", "/v1/members/{member_id}"): "change_member",
    ("delete", "/v1/members/{member_id}"): "remove_member",
    ("get", "/v1/organisation"): "show_organisation",
    ("patch", "/v1/organisation"): "rename_organisation",
    ("get", "/v1/audit"): "list_audit",
    ("get", "/v1/me"): "show_me",
    ("get", "/v1/sign-in/oidc"): "sign_in_with_oidc",
    ("get", "/v1/sign-in/oidc/callback"): "come_back_from_oidc",
    ("get", "/healthz"): "show_health",
    ("get", "/readyz"): "show_readiness",
    ("get", "/metrics"): "show_metrics",
}

PROBLEMS = {
    400: "Not for this house: a Host header that is none of its names, or a request that breaks off.",
    401: "No credential, or one that is wrong, revoked or over.",
    403: "Known, but not for this.",
    404: "It is not there, or it is another organisation's: the words are the same.",
    406: "Nothing that the request accepts is given here.",
    409: "What is there says otherwise: another request under the same key, a job that ended, or one that is "
    "not done yet; with Retry-After where it is worth asking again.",
    410: "It was there, and its time is over.",
    412: "Somebody edited it since it was read.",
    413: "More than one request may hold.",
    415: "The body is not JSON, or is sent with a Content-Encoding.",
    422: "It does not fit: what, where, and what would be right. Never the values that came in.",
    428: "A change that does not say which revision it was made from.",
    429: "More requests than may be made in a minute; Retry-After says when to ask again.",
    500: "Something went wrong here; the cause is in the log.",
    507: "The disk is full.",
}

KEY = (
    "The same request under the same key does its work once: for 24 hours the answer is given again, with "
    "`Idempotent-Replayed: true`. Another body under the key is refused (409), and so is the same one while "
    "it is being answered. Failures (5xx) are not kept, nor streams and answers over 8 MB: those are asked "
    "anew. What is shown once, such as a new key, is not shown again (409). A UUID is a good key."
)
ABOUT = (
    "Every error is a problem detail (RFC 9457). Lists come in pages: `limit`, and `cursor` with the "
    "`next_cursor` of the page before. Times are UTC. Bodies are JSON of at most 64 MB, 100 deep."
)
