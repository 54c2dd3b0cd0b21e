from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import GoldenError
from index.golden import Tolerance, read_golden
from index.reader import read_folder
from index.scorecard import Outcome, Scorecard, compare, score
from index.snapshot import read_snapshot
from index.versions import Versions
from tests.index.conftest import Workshop

CONTENT = Path(__file__).parents[2] / "kb_content"

GOLDEN = """# for editors
tolerance: {first: 1}
questions:
  - ask: download my   invoice
    page: find-invoices
    section: download one invoice
  - {ask: undo my import, page: [undo-an-import, find-invoices], within: 1}
not_answerable:
  - how do I roast a chicken
"""


def test_the_file_is_read_with_lines(tmp_path: Path) -> None:
    """Questions, pages, section, bound and tolerance come out as written; what is not set has its default."""
    (tmp_path / "golden.yml").write_text(GOLDEN)
    golden = read_golden(tmp_path)
    assert golden is not None
    first, second, third = golden.questions
    assert (first.text, first.pages, first.section, first.line) == (
        "download my invoice",
        ("find-invoices",),
        "download one invoice",
        4,
    )
    assert (second.pages, second.within) == (("undo-an-import", "find-invoices"), 1)
    assert (third.text, third.pages, third.line) == ("how do I roast a chicken", (), 9)
    assert golden.tolerance == Tolerance(first=1, first_three=0, verdict=2)


def test_a_folder_without_the_file_has_no_golden_questions(tmp_path: Path) -> None:
    """Golden questions are a choice: somebody else's folder has none and that is no error."""
    assert read_golden(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there are no questions"),
        ("questions:\n", "there are no questions"),
        ("- a\n- b\n", r"golden\.yml:1: write `key: value` lines"),
        ("question:\n  - a\n", r"golden\.yml:1: unknown key 'question'; did you mean 'questions'"),
        ("questions:\n  - ask: a\n    pages: b\n", r"golden\.yml:3: unknown key 'pages'; did you mean 'page'"),
        ("questions:\n  - page: b\n", r"golden\.yml:2: a question without `ask:`"),
        ("questions:\n  - ask: b\n", r"golden\.yml:2: a question without `page:`"),
        ("questions:\n  - ask: b\n    page: []\n", r"golden\.yml:2: `page:` names no page"),
        ("questions:\n  - ask:\n    page: b\n", r"golden\.yml:2: the question must be a text"),
        ("questions:\n  - ask: b\n    page: {a: 1}\n", r"golden\.yml:3: the page's slug must be a text"),
        ("questions:\n  - ask: b\n    page: a\n    within: 0\n", r"golden\.yml:4: `within:` must be a whole number from 1"),
        ("tolerance:\n  first: few\n", "there are no questions"),
        ("tolerance:\n  first: few\nnot_answerable: [a]\n", r"golden\.yml:2: `first:` must be a whole number from 0"),
        ("tolerance:\n  frist: 1\nnot_answerable: [a]\n", r"golden\.yml:2: unknown key 'frist'; did you mean 'first'"),
        ("not_answerable:\n  a: b\n", r"golden\.yml:2: write a list here"),
        ("not_answerable: [Why, ' WHY']\n", r"golden\.yml:1: the same question stands in line 1"),
        ("questions:\n  - ask: what: this\n    page: a\n", r"golden\.yml:2: no YAML here"),
        ("questions: []\nquestions: []\n", r"golden\.yml:2: 'questions' stands here twice"),
        (b"questions:\n  - ask: Gr\xf6\xdfe\n", r"golden\.yml: byte 22 is not UTF-8"),
    ],
)
def test_a_mistake_is_named_by_file_and_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    """An editor is told where the mistake is and what to write."""
    (tmp_path / "golden.yml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(GoldenError, match=message):
        read_golden(tmp_path)


def test_what_the_pages_lack_is_named(workshop: Workshop) -> None:
    """A page or section that does not exist is a fault of the file, with its line and the nearest name."""
    workshop.write("golden.yml", GOLDEN.replace("find-invoices\n", "find-invoice\n").replace("roast", "fry"))
    golden = read_golden(workshop.content)
    articles = {article.slug: article for article in read_folder(workshop.content).articles}
    assert golden and golden.faults(articles) == ["golden.yml:4: there is no page 'find-invoice'; did you mean 'find-invoices'?"]
    workshop.write("golden.yml", GOLDEN.replace("download one invoice", "Get one"))
    golden = read_golden(workshop.content)
    assert golden and golden.faults(articles) == ["golden.yml:4: page 'find-invoices' has no section 'Get one'"]


def test_the_file_is_no_page(workshop: Workshop) -> None:
    """golden.yml is neither indexed nor complained about, whatever stands in it."""
    before = workshop.build()
    workshop.write("golden.yml", GOLDEN)
    after = workshop.build()
    assert (after.version, after.articles, after.problems) == (before.version, 2, ())


def test_a_version_is_asked_all_questions(workshop: Workshop) -> None:
    """Each question gets the place of its page and the verdict; the sums count those that are right."""
    workshop.write("golden.yml", GOLDEN)
    version = workshop.build().version
    golden = read_golden(workshop.content)
    assert golden is not None
    card = score(golden, read_snapshot(Versions(workshop.index).path(version), version), workshop.encoder)
    download, undo, chicken = card.outcomes
    assert (download.rank, download.page, download.section) == (1, "find-invoices", "Download one invoice")
    assert (undo.rank, undo.page, undo.kept) == (1, "undo-an-import", True)
    assert (chicken.rank, chicken.verdict) == (None, not chicken.answerable)
    verdicts = sum(each.verdict for each in card.outcomes)
    assert card.summary() == {"questions": 3, "asked": 2, "first": 2, "first_three": 2, "verdict": verdicts}
    assert Scorecard.from_dict(card.as_dict()) == card


def test_a_question_with_a_section_is_not_met_by_another_section(workshop: Workshop) -> None:
    """The right page by the wrong section does not count, and the words say so."""
    text = GOLDEN.replace("download my   invoice", "type a new address for invoices")
    workshop.write("golden.yml", text)
    version = workshop.build().version
    golden = read_golden(workshop.content)
    assert golden is not None
    outcome = score(golden, read_snapshot(Versions(workshop.index).path(version), version), workshop.encoder).outcomes[0]
    assert (outcome.page, outcome.section, outcome.rank) == ("find-invoices", "Change who receives invoices", None)
    assert "not the right section" in outcome.told()


def outcome(question: str, rank: int | None, page: str | None, answerable: bool = True, wanted: bool = True) -> Outcome:
    """An outcome of a question for page "p"."""
    return Outcome(question, ("p",) if wanted else (), None, 1, rank, page, "", answerable, 0.5)


def test_two_versions_are_compared_question_by_question() -> None:
    """What got worse comes first, and each change says place and page before and after; new questions change nothing."""
    before = Scorecard(
        "1", "x", (outcome("a", 1, "p"), outcome("b", 4, "q"), outcome("c", 2, "q"), outcome("d", None, "q", False, False))
    )
    after = Scorecard(
        "2",
        "x",
        (
            outcome("d", None, "z", True, False),
            outcome("a", 1, "p"),
            outcome("b", 1, "p"),
            outcome("c", 2, "r"),
            outcome("new", None, "z"),
        ),
    )
    changes = compare(before, after)
    assert [(each.question, each.effect) for each in changes] == [("d", "worse"), ("b", "better"), ("c", "other")]
    assert str(changes[1]) == "better: 'b': place 4, first is q -> place 1"
    assert compare(before, before) == ()


def test_our_own_questions_name_pages_and_sections_that_exist() -> None:
    """golden.yml stands up to the content: 80 questions at least, all areas and kinds, and 20 that no page answers."""
    golden = read_golden(CONTENT)
    assert golden is not None
    articles = {article.slug: article for article in read_folder(CONTENT).articles}
    assert golden.faults(articles) == []
    asked = [question for question in golden.questions if question.pages]
    wanted = [articles[slug] for question in asked for slug in question.pages]
    assert len(asked) >= 80 and len(golden.questions) - len(asked) >= 20
    assert {article.area for article in wanted} == {"billing", "technical", "feature", "customization"}
    assert {article.kind for article in wanted} == {"article", "tutorial", "video"}


def test_our_own_questions_are_no_copies() -> None:
    """A golden question in an article's own words would be found by that very line, and test nothing."""
    golden = read_golden(CONTENT)
    assert golden is not None
    written = {text.casefold() for article in read_folder(CONTENT).articles for text in (*article.questions, article.title)}
    assert [question.text for question in golden.questions if question.text.casefold() in written] == []
