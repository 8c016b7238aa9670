"""Texts made vectors by the installed model. The word pieces expected are those of its own tokenizer.json."""

import gzip

import numpy as np
import pytest

from tools.clusters.embedding import MODEL_BYTES, VOCABULARY, Embedder, WrongModel, bert_tokenizer

TEXTS = [
    "interested in golf",
    "",
    "household income $75K-$100K",
    "dog owner",
    "golf " * 500,
    "日本 ✈ \x00 [SEP]",
]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder(threads=1)


def test_vectors_are_unit_rows_of_384_single_floats(embedder):
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (6, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert embedder.encode([]).shape == (0, 384)


def test_a_vector_does_not_depend_on_its_company(embedder):
    alone = np.concatenate([embedder.encode([text]) for text in TEXTS])
    assert np.allclose(embedder.encode(TEXTS), alone, atol=1e-5)
    many = [*TEXTS, *(f"cluster number {row}" for row in range(150))]
    assert np.allclose(embedder.encode(many[::-1])[::-1][: len(TEXTS)], alone, atol=1e-5)


def test_like_meanings_lie_near_each_other(embedder):
    hiking, trails, mortgage = embedder.encode(
        ["people who love hiking", "walks in the mountains", "has a mortgage"]
    )
    assert hiking @ trails > hiking @ mortgage + 0.2


def test_what_is_over_64_word_pieces_is_cut_off(embedder):
    long, shorter, short = embedder.encode(["golf " * 500, "golf " * 62, "golf " * 61])
    assert np.array_equal(long, shorter)
    assert not np.array_equal(long, short)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Household income $75K-$100K", [101, 4398, 3318, 1002, 4293, 2243, 1011, 1002, 2531, 2243, 102]),
        ("Café São Paulo", [101, 7668, 7509, 9094, 102]),
        ("日本 golf", [101, 1864, 1876, 5439, 102]),
        ("[SEP] ✈ unbelievableness", [101, 102, 100, 23653, 2791, 102]),
        ("", [101, 102]),
    ],
)
def test_word_pieces_are_those_of_the_model(text, pieces):
    assert bert_tokenizer(VOCABULARY).encode(text).ids == pieces


def test_another_model_file_is_refused(tmp_path):
    with pytest.raises(WrongModel, match="is missing"):
        Embedder(tmp_path / "absent.onnx")
    (tmp_path / "short.onnx").write_bytes(b"onnx")
    with pytest.raises(WrongModel, match="size in bytes 4, not 22928619"):
        Embedder(tmp_path / "short.onnx")
    (tmp_path / "other.onnx").write_bytes(bytes(MODEL_BYTES))
    with pytest.raises(WrongModel, match=r"other.onnx is another file than the vectors belong to: sha256 "):
        Embedder(tmp_path / "other.onnx")


def test_another_vocabulary_is_refused(tmp_path):
    (tmp_path / "words.gz").write_bytes(gzip.compress(b"[PAD]\n[UNK]\n"))
    with pytest.raises(WrongModel, match="sha256"):
        bert_tokenizer(tmp_path / "words.gz")
