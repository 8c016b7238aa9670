"""What do a request and its answer look like? In their usual forms; addresses are example.com's."""

from typing import Any

WORKFLOW = "3f2b8f0e-5c1d-4f8a-9d55-0a4f2f5d7a10"
TRACE = "trace_5d7c2c0e-90c3-4a35-9f0b-0c8b7a2f4a11"
ANALYSIS = "icp_8a1f6c44-2f0d-4f0c-8f1e-9c6b1d2e3f40"
RUN = "call_1c9e5b2a-7d35-4b1f-8a55-3d1f0e2c4b77"
FEEDBACK = "feedback_2d7b1f60-3c53-4f0e-8a5c-1e2f3a4b5c6d"
SCHEDULE = {
    "weekday": "monday",
    "at": "08:00",
    "timezone": "Europe/Berlin",
    "recipients": ["team@example.com"],
}
GOLF, OWNERS = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"
KEPT = {"name": "Golfers", "expression": GOLF, "platform": "hubspot", "destination": "crm_bucket"}
NOON = "2026-03-02T12:00:00Z"
IDS = {"workflow_id": WORKFLOW, "tool_trace_id": TRACE}
EXPORT = {
    "url": "http://127.0.0.1:8321/v1/exports/0f3c.csv?expires=1772456400&signature=…",
    "format": "csv",
    "rows": 40124,
    "size_bytes": 1843200,
    "expires_at": "2026-03-02T13:00:00Z",
}
JOB = {
    "run_id": RUN,
    "tool": "resolve_identities",
    "warehouse": "customers",
    "workflow_id": WORKFLOW,
    "status": "queued",
    "step": "",
    "done": 0,
    "of": 0,
    "message": "",
    "refusal": "",
    "actor": "local",
    "created_at": NOON,
    "events": f"/v1/jobs/{RUN}/events",
}
RUNNING = JOB | {"status": "running", "step": "resolve_identities", "of": 1, "started_at": NOON}
CLUSTER = {
    "cluster_id": "1000000145",
    "cluster_hash": GOLF,
    "name": "interested_golf",
    "value": "Yes",
    "size": 18250,
    "domain": "interest",
}
WAREHOUSE = {
    "name": "customers",
    "persons": 200000,
    "clusters": 412,
    "snapshot_id": "20260302T080000Z",
    "loaded_at": "2026-03-02T08:00:00Z",
    "has_outcomes": True,
    "has_events": False,
}

REQUESTS: dict[str, dict[str, Any]] = {
    "resolve_identities": {
        "multi_identifiers": [
            {
                "id_type": "email",
                "hash_type": "plaintext",
                "values": ["customer1@example.com", "customer2@example.com"],
            }
        ]
    },
    "get_person": {"person_ids": [12345, 67890], "domains": ["demographic", "interest", "email"]},
    "list_clusters": {"query": "people who love hiking", "limit": 5},
    "get_cluster": {"cluster_hash": GOLF},
    "find_persons": {
        "expression": f"{GOLF} AND NOT {OWNERS}",
        "identifier_type": "email",
        "location": {"latitude": 40.7128, "longitude": -74.006, "radius": 25, "unit": "miles"},
        "format": "csv",
    },
    "submit_feedback": {"workflow_id": WORKFLOW, "kind": "other", "message": "The second segment fits best."},
    "analyze_customers": {
        "id_type": "email",
        "identifiers": ["customer1@example.com", "customer2@example.com", "customer3@example.com"],
        "min_quality": 0.5,
    },
    "generate_audience": {
        "analysis_id": ANALYSIS,
        "strategy": "hybrid",
        "target_size": 50000,
        "format": "csv",
    },
    "compare_analyses": {"before": ANALYSIS, "after": "icp_0c7e1b5a-6d1b-4a52-9b0e-54c3a3a1f0aa"},
    "run_briefing": {"icp_profile": ANALYSIS},
    "schedule_briefing": SCHEDULE,
    "add_schedule": SCHEDULE,
    "change_schedule": {"at": "09:30"},
    "remove_schedule": {"schedule_id": "Weekly"},
    "add_recipient": {"address": "team@example.com"},
    "keep_audience": KEPT,
    "keep_standing_audience": KEPT,
    "refresh_standing": {"mode": "dry_run"},
    "decide_feedback": {"feedback_id": FEEDBACK, "decision": "accept"},
    "post_decision": {"decision": "accept"},
    "split_match": {"person_id": 12345, "which": "email2", "dry_run": True},
    "post_split": {"person_id": 12345, "which": "email2", "dry_run": True},
    "undo_correction": {"correction_id": "correction_7a1f3c52-0b6e-4d1a-9f2e-3c4d5e6f7a8b"},
    "merge_persons": {"person_id": 12345, "other_person_id": 67890, "dry_run": True},
    "post_merge": {"person_id": 12345, "other_person_id": 67890, "dry_run": True},
    "score_leads": {"person_ids": [12345, 67890], "analysis_id": ANALYSIS},
    "explain": {"about": "term", "subject": "lift"},
    "help": {"topic": "segments"},
    "submit_job": {
        "tool": "resolve_identities",
        "arguments": {"id_type": "email", "identifiers": ["customer1@example.com"], "format": "csv"},
        "warehouse": "customers",
    },
    "approve_job": {"approved": True},
    "update_icp_profile": {"icp_profile": "Software in Texas", "revision": 1, "changes": {"states": ["TX"]}},
    "record_outcomes": {
        "unit": "account",
        "records": [
            {
                "record_id": "deal-1",
                "unit_id": "account-17",
                "outcome": "won",
                "opened_at": "2025-11-03",
                "decided_at": "2026-01-19",
                "amount": 24000,
                "attributes": {"employees": 120, "industry": "Software"},
            }
        ],
    },
    "plan_message": {"message": "Find 50,000 people like my best customers near Austin."},
    "say_in_chat": {"message": "Who plays golf and owns a home?", "warehouse": "customers"},
}

ANSWERS: dict[str, Any] = {
    "resolve_identities": {
        "identities": [
            {
                "person_id": 12345,
                "overall_quality_score": 0.91,
                "matches": [
                    {
                        "criterion_type": "email_plaintext",
                        "criterion_value": "customer1@example.com",
                        "quality_score": 0.91,
                    }
                ],
                "identifiers": {"email": ["customer1@example.com", "alt1@example.com"], "phone": []},
            }
        ],
        "stats": {"requested": 2, "resolved": 1, "rate": 0.5},
        **IDS,
    },
    "get_person": {
        "profiles": [
            {
                "person_id": "12345",
                "metadata": {"quality_score": 0.93, "last_modified": "2026-02-11"},
                "domains": {"email1": "customer1@example.com", "interested_golf": "Yes"},
            }
        ],
        "not_found": ["67890"],
        **IDS,
    },
    "list_clusters": {"clusters": [CLUSTER], "total": 1, "returned": 1, **IDS},
    "find_persons": {
        "expression": f"{GOLF} AND NOT {OWNERS}",
        "in_words": "Interested in golf, and not: owns a home",
        "total": 40124,
        "reachable": 39877,
        "sample": [{"person_id": 12345, "identifiers": {"email": {"email1": "prospect1@example.com"}}}],
        "export": EXPORT,
        **IDS,
    },
    "submit_job": JOB,
    "show_job": RUNNING,
    "list_jobs": {"items": [RUNNING]},
    "cancel_job": RUNNING,
    "approve_job": JOB,
    "resume_job": JOB,
    "follow_job": 'retry: 2000\n\nid: 1\nevent: progress\ndata: {"status":"running","done":0,"of":1}\n\n'
    'id: 3\nevent: done\ndata: {"status":"done","done":1,"of":1}\n\n',
    "job_result": {"identities": [], "stats": {"requested": 1, "resolved": 0, "rate": 0.0}, **IDS},
    "list_warehouses": {"items": [WAREHOUSE]},
    "show_warehouse": WAREHOUSE,
    "say_in_chat": 'retry: 2000\n\nid: 1\nevent: plan\ndata: {"steps":[]}\n\n',
    "follow_turn": 'retry: 2000\n\nid: 1\nevent: plan\ndata: {"steps":[]}\n\n',
    "show_report": "<!doctype html><title>Ideal customer profile</title>",
    "download_export": "person_id,email1\n12345,prospect1@example.com\n",
    "show_metrics": "# TYPE fieldmark_requests counter\n",
}
