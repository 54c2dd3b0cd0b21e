"""What a query says: the text that is looked for where it was typed, and whether it leans on what was said before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.encoder import Encoder
from index.lexical import words
from index.snapshot import Snapshot

_QUERY_WORDS = 64
_POINTING = re.compile(
    r"\b(it|its|that|this|these|those|they|them|she|he|her|him|there|one|ones|same|then|instead|else|others?)\b", re.IGNORECASE
)
_MARKUP = re.compile(r"<(script|style)\b.{0,2000}?</\1\s*>|</?[a-z][^<>]{0,300}>", re.IGNORECASE | re.DOTALL)
_OPENING = re.compile(r"\W*(and|or|but|what about|how about|also|what if)\b", re.IGNORECASE)
_FEW = 3  # content words up to which a question may lean on the one before


def read(snapshot: Snapshot, encoder: Encoder, query: str, context: str | None = None) -> tuple[str, list[str]]:
    """What is looked for where ``query`` was typed: its text, slips mended, joined with the ``context`` that it leans on and with
    the product's terms for the customers' words; and its words, those of the query twice beside a context.
    """
    text = snapshot.spelling.corrected(readable(query), encoder.lexicon)
    terms = words(text)[:_QUERY_WORDS]
    if context and leans(text, terms):
        before = words(context)[:_QUERY_WORDS]
        text, terms = f"{context.strip()} {text}", [*before, *terms, *terms]
    if added := snapshot.synonyms.added_to(text):
        text, terms = f"{text} ({', '.join(added)})", [*terms, *words(" ".join(added))]
    return text, terms


def readable(query: str) -> str:
    """What a customer typed without markup and broken characters."""
    return _MARKUP.sub(" ", query.encode("utf-8", "replace").decode("utf-8")).strip()


def leans(query: str, terms: Sequence[str]) -> bool:
    """Whether a question can hardly be understood without the one before it: few content words, or pointing words."""
    return len(terms) <= 1 or (len(terms) <= _FEW and points_back(query))


def points_back(text: str) -> bool:
    """Whether a text has a word that points at what was said before, or opens as if it went on with it."""
    return bool(_POINTING.search(text) or _OPENING.match(text))
