from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import tokenizers
from onnx import TensorProto, helper, numpy_helper

from index.encoder import EncoderRecord, HashingEncoder, OnnxEncoder
from index.encoders import open_encoder
from index.errors import EncoderError
from index.quantise import BLOCK, blocks, channel_sizes, quantise

WORDS = ["[UNK]", "import", "contacts", "invoice", "undo", "deal"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole encoder of six words: a table of vectors followed by one product with weights."""
    random = np.random.default_rng(1)
    table = random.standard_normal((len(WORDS), 8)).astype(np.float32)
    table[:, 3] *= 60  # one channel far larger than the rest, as in real transformers
    weights = random.standard_normal((8, 8)).astype(np.float32)
    weights[3] /= 60
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["looked_up"]),
            helper.make_node("MatMul", ["looked_up", "weights"], ["token_embeddings"]),
        ],
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "t"]) for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("token_embeddings", TensorProto.FLOAT, ["b", "t", 8])],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    target = tmp_path / "tiny"
    target.mkdir()
    onnx.save(model, str(target / "model.onnx"))
    tokenizer = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(target / "tokenizer.json"))
    record = EncoderRecord("tiny", 8, 4, "model.onnx", "fp32", 3, "f00d")
    (target / "encoder.json").write_text(json.dumps({name: getattr(record, name) for name in record.__dataclass_fields__}))
    return target


def test_vectors_have_length_one_and_keep_their_order(folder: Path) -> None:
    """Batches are sorted by length inside, yet each row is the vector of its own text."""
    encoder = OnnxEncoder.load(folder)
    texts = ["undo import contacts", "deal", "invoice deal", "undo", "", "contacts contacts contacts import"]
    together = encoder.encode(texts)
    assert together.shape == (6, 8) and together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together[[0, 1, 2, 3, 5]], axis=1), 1)
    for row, text in enumerate(texts):
        assert np.allclose(together[row], encoder.encode([text])[0], atol=1e-5)


def test_nothing_gives_nothing(folder: Path) -> None:
    """No texts give an array of no rows."""
    assert OnnxEncoder.load(folder).encode([]).shape == (0, 8)


def test_embedding_brings_the_vectors_and_a_token_for_each_word(folder: Path) -> None:
    """The vectors are those of encoding; each text has its own tokens, alone or in a batch, and one at least."""
    encoder = OnnxEncoder.load(folder)
    texts = ["undo import contacts", "deal", "", "contacts contacts contacts import"]
    found = encoder.embed(texts)
    assert np.array_equal(found.vectors, encoder.encode(texts))
    assert all(len(tokens) >= 1 and tokens.dtype == np.uint64 for tokens in found.tokens)
    for text, tokens in zip(texts, found.tokens, strict=True):
        np.testing.assert_array_equal(tokens, encoder.embed([text]).tokens[0])
    assert encoder.embed([]).vectors.shape == (0, 8) and encoder.embed([]).tokens == ()


def test_long_texts_are_cut_at_the_models_limit(folder: Path) -> None:
    """Words past the limit of the model change nothing."""
    encoder = OnnxEncoder.load(folder)
    first, second = encoder.encode(["deal deal undo undo", "deal deal undo undo invoice invoice"])
    assert np.allclose(first, second)


def test_a_missing_encoder_says_how_to_make_it(tmp_path: Path) -> None:
    """The message is the command that helps."""
    with pytest.raises(EncoderError, match="support models fetch all-mpnet-base-v2"):
        open_encoder("all-mpnet-base-v2", tmp_path)


@pytest.mark.parametrize("broken", ["encoder.json", "model.onnx", "tokenizer.json"])
def test_a_broken_encoder_is_named(folder: Path, broken: str) -> None:
    """A damaged file is reported as an encoder's trouble, not as some library's."""
    (folder / broken).write_text("nonsense")
    with pytest.raises(EncoderError, match="tiny"):
        OnnxEncoder.load(folder)


def test_smoothing_keeps_an_int8_copy_close(folder: Path) -> None:
    """With one channel far larger than the rest, the smoothed copy is nearer to the original than the plain one."""
    encoder = OnnxEncoder.load(folder)
    texts = [" ".join(WORDS[1 + (number + step) % 5] for step in range(3)) for number in range(5)]
    expected = encoder.encode(texts)
    ids = [{"input_ids": np.arange(6)[None, :], "attention_mask": np.ones((1, 6), np.int64)}]
    sizes = channel_sizes(folder / "model.onnx", ids)
    cosines = []
    for strength in (None, 0.75):
        quantise(folder / "model.onnx", folder / "int8.onnx", sizes, strength, signed=False)  # true on any processor
        (folder / "encoder.json").write_text(
            json.dumps({**json.loads((folder / "encoder.json").read_text()), "file": "int8.onnx", "batch": 1})
        )
        cosines.append(float((OnnxEncoder.load(folder).encode(texts) * expected).sum(axis=1).mean()))
    assert cosines[1] > cosines[0] and cosines[1] > 0.995


def test_blocks_hold_the_weights_to_half_a_step() -> None:
    """Each block of a product's weights is kept within half of its own step, however small it is beside the others."""
    weights = np.random.default_rng(3).standard_normal((3 * BLOCK, 5)).astype(np.float32)
    weights[:BLOCK] *= 1000
    weights[:, 4] = 0
    values, scales = blocks(weights)
    assert values.shape == (5, 3, BLOCK) and values.dtype == np.uint8 and scales.shape == (15,)
    steps = scales.reshape(5, 3, 1)
    again = ((values.astype(np.float32) - 128) * steps).reshape(5, 3 * BLOCK).T
    assert (np.abs(again - weights).T.reshape(5, 3, BLOCK) <= 0.501 * steps).all() and not again[:, 4].any()


def test_products_out_of_a_wide_layer_are_computed_by_blocks(tmp_path: Path) -> None:
    """A spike in one word's activations costs the other words nothing there; the copy runs and stays close to the original."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(4)
    wide = random.standard_normal((4 * BLOCK, 16)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "wide"], ["y"], name="out")],
        "one product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, None, 4 * BLOCK])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, None, 16])],
        [numpy_helper.from_array(wide, "wide")],
    )
    source, copy = tmp_path / "source.onnx", tmp_path / "copy.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(source))
    given = random.standard_normal((1, 6, 4 * BLOCK)).astype(np.float32)
    given[0, 0, 7] = 500
    found = {}
    for strength in (None, 0.65):
        quantise(source, copy, {"x": np.ones(4 * BLOCK, dtype=np.float32)}, strength)
        session = onnxruntime.InferenceSession(str(copy), providers=["CPUExecutionProvider"])
        off = session.run(None, {"x": given})[0] - given @ wide
        found[strength] = float(np.abs(off[0, 1:]).mean() / np.abs((given @ wide)[0, 1:]).mean())
    kinds = {node.op_type for node in onnx.load(str(copy)).graph.node}
    assert "MatMulNBits" in kinds and found[0.65] < 0.02 < found[None]


def test_the_double_is_deterministic_and_puts_like_texts_together() -> None:
    """The offline double behaves like an encoder: same text same vector, shared words nearer."""
    encoder = HashingEncoder(32)
    query, near, far = encoder.encode(["undo an import", "import undone", "colour of the logo"])
    assert query @ near > query @ far
    assert np.array_equal(HashingEncoder(32).encode(["undo an import"])[0], query)
    assert open_encoder("hashing-32", Path()).fingerprint == encoder.fingerprint
