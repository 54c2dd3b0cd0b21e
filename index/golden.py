"""The golden questions: what customers ask and which page must answer, written by editors in ``golden.yml``.

The file lies in the content folder beside the pages; its own head comment explains it to editors. This module reads it and names
every mistake by file and line; :mod:`index.scorecard` asks the questions.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from index.articles import Article
from index.errors import GoldenError

FILE = "golden.yml"
_TOP = ("tolerance", "questions", "not_answerable")
_KEYS = ("ask", "page", "section", "within")


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question with the slugs of the pages any of which answers it; none where nothing in the help centre does.

    With ``section`` the page must be found by that section; with ``within`` it must stand among so many first places, and a
    version that loses this is refused whatever else got better. ``line`` is where it stands in the file.
    """

    text: str
    pages: tuple[str, ...]
    section: str | None
    within: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How many questions a version may lose against the live one, in sum, and still be published.

    ``first``: answered in first place; ``first_three``: among the first three; ``verdict``: rightly told answerable or not.
    """

    first: int = 2
    first_three: int = 0
    verdict: int = 2


@dataclass(frozen=True, slots=True)
class GoldenSet:
    """All golden questions of a content folder; ``digest`` is 12 hex digits of the hash of the file."""

    file: Path
    digest: str
    questions: tuple[GoldenQuestion, ...]
    tolerance: Tolerance

    def faults(self, articles: Mapping[str, Article]) -> list[str]:
        """What the questions name that ``articles`` (by slug) do not have, with file and line."""
        found = []
        for question in self.questions:
            place = f"{self.file.name}:{question.line}"
            for slug in question.pages:
                if slug not in articles:
                    near = difflib.get_close_matches(slug, articles, 1)
                    found.append(f"{place}: there is no page {slug!r}{f'; did you mean {near[0]!r}?' if near else ''}")
            titles = {each.title.casefold() for slug in question.pages if slug in articles for each in articles[slug].sections}
            if question.section and titles and question.section.casefold() not in titles:
                found.append(f"{place}: page {question.pages[0]!r} has no section {question.section!r}")
        return found


def read_golden(content: Path) -> GoldenSet | None:
    """The golden questions of a content folder, or None where it has no ``golden.yml``.

    :class:`~index.errors.GoldenError` names the file, the line, and what to write.
    """
    file = content / FILE
    if not file.exists():
        return None
    try:
        data = file.read_bytes()
        root = yaml.compose(data.decode("utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise GoldenError(f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise GoldenError(f"{file} cannot be read ({error})") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise GoldenError(f"{file}:{line}: no YAML here ({error.problem}); put texts with a colon into quotes") from error
    except yaml.YAMLError as error:
        raise GoldenError(f"{file}: no YAML ({error})") from error
    parts = _mapping(file, root, _TOP) if root is not None else {}
    questions = (*_questions(file, parts.get("questions")), *_refusals(file, parts.get("not_answerable")))
    if not questions:
        raise GoldenError(f"{file}: there are no questions; write some under `questions:` or remove the file")
    _no_doubles(file, questions)
    digest = hashlib.sha256(data).hexdigest()[:12]
    return GoldenSet(file, digest, questions, _tolerance(file, parts.get("tolerance")))


def _questions(file: Path, node: yaml.Node | None) -> Iterator[GoldenQuestion]:
    for item in _items(file, node, "- ask: a customer's question"):
        parts = _mapping(file, item, _KEYS)
        line = _line(item)
        for key in ("ask", "page"):
            if key not in parts:
                raise GoldenError(f"{file}:{line}: a question without `{key}:`; every question has `ask:` and `page:`")
        pages = parts["page"]
        texts = pages.value if isinstance(pages, yaml.SequenceNode) else [pages]
        slugs = tuple(_text(file, each, "the page's slug") for each in texts)
        if not slugs:
            raise GoldenError(f"{file}:{line}: `page:` names no page; questions without one belong under `not_answerable:`")
        section = _text(file, parts["section"], "the section's heading") if "section" in parts else None
        within = _number(file, parts["within"], "within", 1) if "within" in parts else None
        yield GoldenQuestion(_text(file, parts["ask"], "the question"), slugs, section, within, line)


def _refusals(file: Path, node: yaml.Node | None) -> Iterator[GoldenQuestion]:
    for item in _items(file, node, "- a question that no page answers"):
        yield GoldenQuestion(_text(file, item, "the question"), (), None, None, _line(item))


def _tolerance(file: Path, node: yaml.Node | None) -> Tolerance:
    parts = _mapping(file, node, tuple(Tolerance.__dataclass_fields__)) if node is not None else {}
    return Tolerance(**{key: _number(file, value, key, 0) for key, value in parts.items()})


def _no_doubles(file: Path, questions: tuple[GoldenQuestion, ...]) -> None:
    seen: dict[str, int] = {}
    for question in questions:
        key = " ".join(question.text.casefold().split())
        if key in seen:
            raise GoldenError(f"{file}:{question.line}: the same question stands in line {seen[key]}; remove one")
        seen[key] = question.line


def _mapping(file: Path, node: yaml.Node, known: tuple[str, ...]) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise GoldenError(f"{file}:{_line(node)}: write `key: value` lines here, with the keys {', '.join(known)}")
    parts: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = str(key.value)
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            advice = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(known)}"
            raise GoldenError(f"{file}:{_line(key)}: unknown key {name!r}; {advice}")
        if name in parts:
            raise GoldenError(f"{file}:{_line(key)}: {name!r} stands here twice; join or remove one")
        parts[name] = value
    return parts


def _items(file: Path, node: yaml.Node | None, example: str) -> list[yaml.Node]:
    if node is None or (isinstance(node, yaml.ScalarNode) and node.value == ""):
        return []
    if not isinstance(node, yaml.SequenceNode):
        raise GoldenError(f"{file}:{_line(node)}: write a list here, one item a line, such as `{example}`")
    return list(node.value)


def _text(file: Path, node: yaml.Node, what: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip() or node.tag.endswith(":null"):
        raise GoldenError(f"{file}:{_line(node)}: {what} must be a text; put it into quotes where it has a colon")
    return " ".join(str(node.value).split())


def _number(file: Path, node: yaml.Node, name: str, least: int) -> int:
    if not isinstance(node, yaml.ScalarNode) or not node.value.isascii() or not node.value.isdigit() or int(node.value) < least:
        raise GoldenError(f"{file}:{_line(node)}: `{name}:` must be a whole number from {least}")
    return int(node.value)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
