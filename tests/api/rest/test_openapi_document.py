"""The OpenAPI document says all there is, and its examples fit its own schemas."""

import re
from collections import Counter
from typing import Any

import jsonschema
import pytest

from api.app import application
from api.rest.describing.openapi import operations
from api.rest.describing.words import NAMES, TAGS
from api.settings import Settings

HOST = re.compile(r"https?://([A-Za-z0-9.-]+)")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return application(Settings(home=tmp_path_factory.mktemp("home"))).openapi()


def contents(operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every body of an operation: the request's, and those of what is answered."""
    body = operation.get("requestBody", {}).get("content", {})
    found = [("request", content) for content in body.values()]
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            found += [(status, content) for content in answer.get("content", {}).values()]
    return found


def test_every_body_has_an_example_that_fits(document: dict[str, Any]) -> None:
    parts = {"components": document["components"]}
    for _, _, operation in operations(document):
        for where, content in contents(operation):
            about = operation["operationId"], where
            examples = [each["value"] for each in content.get("examples", {}).values()]
            examples += [content["example"]] if "example" in content else []
            assert examples, about
            for example in examples:
                checked = jsonschema.Draft202012Validator({**content.get("schema", {}), **parts})
                assert not [error.message for error in checked.iter_errors(example)], about


def test_no_example_names_anybody(document: dict[str, Any]) -> None:
    text = str([contents(operation) for _, _, operation in operations(document)])
    assert set(re.findall(r"[\w.+-]+@([\w.-]+)", text)) <= {"example.com"}
    assert set(HOST.findall(text)) <= {"example.com", "127.0.0.1"}


def test_operations_have_stable_names_of_their_own(document: dict[str, Any]) -> None:
    names = Counter(operation["operationId"] for _, _, operation in operations(document))
    assert [name for name, times in names.items() if times > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or "_v1_" in name] == []
    there = {(method, path) for path, method, _ in operations(document)}
    assert set(NAMES) <= there


def test_operations_have_words_tags_and_credentials(document: dict[str, Any]) -> None:
    described = {tag["name"] for tag in document["tags"]}
    assert described <= set(TAGS)
    schemes = set(document["components"]["securitySchemes"])
    for path, _, operation in operations(document):
        assert operation["summary"], path
        assert set(operation["tags"]) <= described, path
        assert {name for each in operation["security"] for name in each} in (set(), schemes), path


def test_every_error_is_a_problem_by_reference(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        errors = {s: a for s, a in operation["responses"].items() if s.startswith(("4", "5"))}
        assert {"422", "500"} <= set(errors), path
        for status, answer in errors.items():
            if "$ref" in answer:
                assert answer["$ref"] == f"#/components/responses/Problem{status}"
        if operation["security"]:
            assert {"401", "403"} <= set(errors), (method, path)
    for answer in document["components"]["responses"].values():
        assert list(answer["content"]) == ["application/problem+json"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in re.findall(r"'\$ref': '#/([^']+)'", str(document)):
        found: Any = document
        for step in reference.split("/"):
            found = found[step]


def test_changes_take_a_key_and_jobs_say_where_they_are(document: dict[str, Any]) -> None:
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    for path, method, operation in operations(document):
        takes = key in operation.get("parameters", [])
        assert takes is (method != "get" and path.startswith("/v1/")), (method, path)
    for path in ("/v1/jobs", "/v1/tools/find_persons"):
        assert {"Location", "Retry-After"} <= set(
            document["paths"][path]["post"]["responses"]["202"]["headers"]
        )


def test_the_page_of_the_api_asks_no_other_host(served: Any) -> None:
    page = served.get("/docs")
    assert page.status_code == 200
    assert HOST.findall(page.text) == []
    assert "//" not in re.sub(r"https?://", "", re.sub(r"<!--.*?-->", "", page.text))
    policy = page.headers["content-security-policy"]
    assert HOST.findall(policy) == []
    assert "default-src 'none'" in policy
    for file in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert file.startswith("/docs/static/"), file
        assert served.get(file).status_code == 200
    assert served.get("/docs/static/../../../app.py").status_code == 404
    assert served.get("/redoc").status_code == 404


def test_the_document_is_served(served: Any, document: dict[str, Any]) -> None:
    assert served.get("/openapi.json").json()["info"] == document["info"]


def test_what_the_way_in_refuses_is_documented(document: dict[str, Any]) -> None:
    said = {
        path: set(document["paths"][path][method]["responses"])
        for path, method in (
            ("/v1/sign-in", "post"),
            ("/v1/sign-in/oidc", "get"),
            ("/v1/sign-in/oidc/callback", "get"),
        )
    }
    assert said["/v1/sign-in"] >= {"200", "401", "403", "429"}
    assert said["/v1/sign-in/oidc"] >= {"302", "404"}
    assert said["/v1/sign-in/oidc/callback"] >= {"303", "401", "404"}
    assert all("400" in operation["responses"] for _, _, operation in operations(document))


def test_an_id_of_a_person_is_a_number_or_its_digits(document: dict[str, Any]) -> None:
    body = document["paths"]["/v1/tools/get_person"]["post"]["requestBody"]["content"]["application/json"]
    parts = {"components": document["components"]}
    checked = jsonschema.Draft202012Validator({**body["schema"], **parts})
    for taken in (7, "7", -7, "-7", (1 << 63) - 1, str((1 << 63) - 1)):
        assert checked.is_valid({"person_ids": [taken]}), taken
    for refused in (1 << 63, "7a", "", 1.5, None, [7], "jane@example.com"):
        assert not checked.is_valid({"person_ids": [refused]}), refused
