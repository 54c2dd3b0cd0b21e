"""Words that customers use for the product's own: ``synonyms.yml`` in the content folder, owned by editors.

    deal: [opportunity, sales case]
    user licence: [seat]

A query that says "seat" is searched as if it said "seat (user licence)". Content without the file is searched as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

FILE = "synonyms.yml"
_MOST_ADDED = 4  # terms added to one query; more would drown what was asked
_SPACE = re.compile(r"\s+")
_OTHER = re.compile(r"[^\w-]")


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The product's term for each of the customers' words, all in lower case."""

    terms: Mapping[str, str]

    def added_to(self, query: str) -> tuple[str, ...]:
        """The product's terms for what the query says in other words, without those it says itself."""
        if not self.terms:
            return ()
        text = f" {_plain(_OTHER.sub(' ', query))} "
        found = (term for said, term in self.terms.items() if f" {said} " in text and f" {term} " not in text)
        return tuple(dict.fromkeys(found))[:_MOST_ADDED]


def read_synonyms(folder: Path) -> tuple[Synonyms, str]:
    """The folder's synonyms and what is wrong with the file (or empty); a file that cannot be read counts as absent."""
    file = folder / FILE
    try:
        values = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Synonyms({}), ""
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        return Synonyms({}), f"not read ({_SPACE.sub(' ', str(error))[:160]}); write `term: [word, word]` a line, in UTF-8"
    if values is None:
        return Synonyms({}), ""
    if not isinstance(values, dict):
        return Synonyms({}), "not read: write `term: [word, word]` a line"
    terms: dict[str, str] = {}
    wrong = []
    for term, words in values.items():
        listed = words if isinstance(words, list) else [words]
        if not all(isinstance(each, str) and each.strip() for each in [term, *listed]):
            wrong.append(str(term))
            continue
        terms.update({_plain(word): _plain(term) for word in listed if _plain(word) != _plain(term)})
    return Synonyms(terms), f"left out: {', '.join(wrong)}; write `term: [word, word]` with words in quotes" if wrong else ""


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text.strip().lower())
