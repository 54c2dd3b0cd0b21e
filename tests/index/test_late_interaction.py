from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import HashingEncoder, signs
from index.errors import VersionError
from index.late_interaction import STARTS, TOKENS, TokenIndex

ENCODER = HashingEncoder(100)  # 100 components do not fill their last word of bits
TEXTS = ["undo an import of contacts", "download", "colours of the logo on a quote"]


def index_of(texts: list[str]) -> TokenIndex:
    """The tokens of some texts."""
    return TokenIndex.build(ENCODER.embed(texts).tokens, ENCODER.dimension)


def test_each_word_is_met_by_its_like() -> None:
    """A word that stands in a chunk is met in full, one that does not hardly; the chunks asked for come in their order."""
    (query,) = ENCODER.embed(["undo contacts logo"]).tokens
    matches = index_of(TEXTS).matches(query, [2, 0])
    assert matches.shape == (2, 3)
    assert matches[1, 0] == matches[1, 1] == matches[0, 2] == 1.0
    assert (matches[0, :2] < 0.7).all() and matches[1, 2] < 0.7


@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=70, max_size=70), min_size=2, max_size=6))
def test_the_count_of_bits_is_the_share_of_like_signs(rows: list[list[float]]) -> None:
    """What the bits tell is what the signs of the vectors tell, computed the long way."""
    vectors = np.array(rows, dtype=np.float32)
    index = TokenIndex.build([signs(vectors[1:])], 70)
    alike = ((vectors[1:] > 0) == (vectors[0] > 0)).mean(axis=1)
    assert index.matches(signs(vectors[:1]), [0])[0, 0] == pytest.approx(2 * alike.max() - 1, abs=1e-5)


def test_nothing_asked_and_no_chunk_are_no_error() -> None:
    """A text without words has a token all the same; no chunks bring no rows."""
    (nothing,) = ENCODER.embed([""]).tokens
    assert nothing.shape == (1, 2)
    index = index_of(TEXTS)
    assert index.matches(nothing, []).shape == (0, 1) and index.matches(nothing[:0], [1]).shape == (1, 0)
    assert len(TokenIndex.build([], 100)) == 0


def test_written_and_read_it_tells_the_same(tmp_path: Path) -> None:
    """The files hold all there is; repeated, every chunk is met as the first of its kind."""
    (query,) = ENCODER.embed(["import logo"]).tokens
    index = index_of(TEXTS)
    index.write(tmp_path)
    read = TokenIndex.read(tmp_path, ENCODER.dimension)
    assert read is not None and len(read) == 3
    np.testing.assert_array_equal(read.matches(query, [0, 1, 2]), index.matches(query, [0, 1, 2]))
    np.testing.assert_array_equal(read.tiled(2).matches(query, [3, 5]), index.matches(query, [0, 2]))


def test_missing_files_are_an_older_release_and_broken_ones_an_error(tmp_path: Path) -> None:
    """A version without tokens serves without them; one whose files are cut off says what to do."""
    assert TokenIndex.read(tmp_path, 100) is None
    index_of(TEXTS).write(tmp_path)
    whole = (tmp_path / TOKENS).read_bytes()
    (tmp_path / TOKENS).write_bytes(whole[:-8])
    with pytest.raises(VersionError, match="support kb build"):
        TokenIndex.read(tmp_path, 100)
    (tmp_path / TOKENS).write_bytes(whole)
    np.save(tmp_path / STARTS, np.array([0, 2]))
    with pytest.raises(VersionError, match="disagree"):
        TokenIndex.read(tmp_path, 100)
