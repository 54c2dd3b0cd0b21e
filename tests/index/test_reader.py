from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.errors import ContentError
from index.reader import read_folder, slug_of
from tests.index.conftest import Workshop


def test_front_matter_becomes_an_article(workshop: Workshop) -> None:
    """All fields of the front matter arrive, dates as ISO text."""
    article = next(each for each in read_folder(workshop.content).articles if each.slug == "find-invoices")
    assert article.path == "articles/billing/find-invoices.md"
    assert (article.area, article.kind, article.updated, article.plans) == (
        "billing",
        "article",
        "2026-10-12",
        ("starter", "professional", "enterprise"),
    )
    assert article.versions == ("7",) and len(article.questions) == 3 and article.related == ("undo-an-import",)
    assert [section.anchor for section in article.sections] == ["download-one-invoice", "change-who-receives-invoices"]
    assert len(article.revision) == 12


def test_a_page_without_front_matter_is_read_as_it_is(tmp_path: Path) -> None:
    """The title is the first heading, else the file's name; the slug comes from the path, the summary from the text."""
    (tmp_path / "user guide").mkdir()
    (tmp_path / "user guide" / "Core_Modules.md").write_text("# Accounts\n\nAn account is a firm.\n\n## Edit\n\nClick.")
    (tmp_path / "plain-notes.md").write_text("only text")
    plain, accounts = read_folder(tmp_path).articles
    assert (accounts.title, accounts.slug, accounts.summary) == ("Accounts", "user-guide-core-modules", "An account is a firm.")
    assert [section.title for section in accounts.sections] == ["Edit"]
    assert (plain.title, plain.slug, plain.kind, plain.area) == ("Plain notes", "plain-notes", "article", None)


@pytest.mark.parametrize(
    ("data", "skipped", "word"),
    [
        (b"", True, "empty"),
        (b"  \n\n", True, "empty"),
        (b"\x00\x01\x02", True, "NUL"),
        (b"# Caf\xe9\n\ntext", False, "Windows-1252"),
        ("# Café\n\ntext".encode("utf-16"), False, "UTF-16"),
        (b"---\ntitle: [x\n---\n# T\n\ntext", False, "YAML"),
    ],
)
def test_bad_files_are_mended_or_named(tmp_path: Path, data: bytes, skipped: bool, word: str) -> None:
    """A file that is empty or no text is skipped and named; another encoding and broken front matter are mended and named."""
    (tmp_path / "bad.md").write_bytes(data)
    (tmp_path / "good.md").write_text("# Good\n\ntext")
    reading = read_folder(tmp_path)
    assert [problem.skipped for problem in reading.problems] == [skipped]
    assert word in reading.problems[0].message and reading.problems[0].path == "bad.md"
    assert len(reading.articles) == (1 if skipped else 2)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    """A page saved with a byte order mark has its front matter read."""
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf---\r\ntitle: A page\r\n---\r\ntext\r\n")
    assert read_folder(tmp_path).articles[0].title == "A page"


def test_equal_slugs_are_parted_and_named(tmp_path: Path) -> None:
    """Two pages that claim one slug both stay in the index, the second under a slug of its path."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(f"---\nslug: same\ntitle: {name}\n---\ntext")
    reading = read_folder(tmp_path)
    assert [article.slug for article in reading.articles] == ["same", "b"]
    assert "same" in reading.problems[0].message


def test_what_is_no_regular_file_is_named(tmp_path: Path) -> None:
    """A dangling link and a named pipe are skipped, not waited for."""
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.md")
    assert [problem.skipped for problem in read_folder(tmp_path).problems] == [True, True]


def test_hidden_folders_and_other_files_are_left_out(tmp_path: Path) -> None:
    """Only Markdown counts, and nothing under a folder such as .git."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.md").write_text("# X")
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "A.MARKDOWN").write_text("# A\n\ntext")
    assert [article.path for article in read_folder(tmp_path).articles] == ["A.MARKDOWN"]


def test_a_missing_folder_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    """No folder, no guess: the message names the option."""
    with pytest.raises(ContentError, match="--content"):
        read_folder(tmp_path / "none")


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"---\n{text}\n---\n# T\n".encode("utf-8", "replace")))
def test_no_bytes_make_the_reader_fail(tmp_path: Path, data: bytes) -> None:
    """Whatever bytes a file holds, it becomes an article or a named problem."""
    (tmp_path / "any.md").write_bytes(data)
    reading = read_folder(tmp_path)
    assert len(reading.articles) + sum(problem.skipped for problem in reading.problems) == 1


@given(st.text(min_size=1, max_size=30))
def test_a_slug_fits_into_an_address(path: str) -> None:
    """Any path gives a slug of lower-case letters, digits and dashes that is not empty."""
    slug = slug_of(path)
    assert slug and all(letter.isascii() and (letter.isdigit() or letter.islower() or letter == "-") for letter in slug)
