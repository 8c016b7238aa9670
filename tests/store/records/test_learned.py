"""One model of a kind is in use in a warehouse; the others are kept, with why."""

from datetime import UTC, datetime, timedelta

from store.records.learned import LearnedModel, keep_model, learned_models, published_model

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def model(number: int, status: str, warehouse: str = "w", kind: str = "conversion") -> LearnedModel:
    return LearnedModel(
        model_id=f"model_{number}",
        run_id=f"outcomes_{number}",
        warehouse=warehouse,
        kind=kind,
        status=status,
        why=["because"],
        figures={"auc": 0.7},
        data_hash="abc",
        learned_until=NOW,
        created_at=NOW + timedelta(days=number),
    )


def test_a_published_model_takes_the_place_of_the_one_before(database):
    keep_model(database, model(1, "published"))
    keep_model(database, model(2, "aside"))
    keep_model(database, model(3, "published"))
    assert [(one.model_id, one.status) for one in learned_models(database, "w")] == [
        ("model_3", "published"),
        ("model_2", "aside"),
        ("model_1", "retired"),
    ]
    found = published_model(database, "w", "conversion")
    assert found is not None
    assert (found.model_id, found.learned_until, found.figures) == ("model_3", NOW, {"auc": 0.7})


def test_another_warehouse_and_another_kind_keep_theirs(database):
    keep_model(database, model(1, "published"))
    keep_model(database, model(2, "published", warehouse="v"))
    keep_model(database, model(3, "published", kind="churn"))
    kept = [published_model(database, "w", "conversion"), published_model(database, "w", "churn")]
    assert [one.model_id for one in kept if one] == ["model_1", "model_3"]
    assert published_model(database, "w", "expansion") is None


def test_keeping_a_model_again_changes_nothing(database):
    keep_model(database, model(1, "published"))
    keep_model(database, model(2, "published"))
    keep_model(database, model(1, "published"))
    found = published_model(database, "w", "conversion")
    assert found is not None
    assert found.model_id == "model_2"
