"""Checks of the pages together: equal titles, nearly equal texts, pages that nothing leads to, and series."""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from index.check_text import linked_slugs
from index.findings import Finding, Pages, line_of_key
from index.markdown import plain
from index.reader import Source

ALIKE = 0.6
"""Share of word sequences in common (Jaccard index) from which two texts count as nearly the same."""

_WORDS = 5  # of a sequence: shorter ones are common phrases, longer ones miss texts with small edits
_SKETCH = 64  # smallest hashes kept of a page to find candidates (Broder's bottom-k sketch)
_COMMON = 40  # pages from which a sequence is boilerplate of the site and finds no candidates
_WORD = re.compile(r"\w+")


def network_findings(sources: Sequence[Source], pages: Pages, ours: bool) -> Iterator[Finding]:
    """All findings about the pages together; ``ours`` makes mistakes errors and looks for orphans and series."""
    yield from _titles(sources, ours)
    yield from _texts(sources)
    if ours:
        yield from _orphans(sources, pages)
        yield from _series(sources, pages)


def _titles(sources: Sequence[Source], ours: bool) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for source in sources:
        path, key = source.article.path, source.article.title.casefold()
        if key in seen:
            line = line_of_key(source, "title")
            yield Finding(path, line, f"the title is also that of {seen[key]}", "Say what differs", ours)
        seen.setdefault(key, path)


def _texts(sources: Sequence[Source]) -> Iterator[Finding]:
    sequences = [_sequences(plain(source.front.body)) for source in sources]
    for first, second in _candidates(sequences):
        share = len(sequences[first] & sequences[second]) / len(sequences[first] | sequences[second])
        if share >= ALIKE:
            earlier, later = sources[first], sources[second]
            message = f"{round(share * 100)} % of the text is also that of {earlier.article.path}"
            fix = "Keep one page and lead there from the other, or say what differs"
            yield Finding(later.article.path, later.front.first_line, message, fix, False)


def _sequences(text: str) -> frozenset[int]:
    """Hashes of all sequences of _WORDS words; of shorter texts, of the whole text."""
    words = _WORD.findall(text.casefold())
    if not words:
        return frozenset()
    ends = range(min(_WORDS, len(words)), len(words) + 1)
    return frozenset(zlib.crc32(" ".join(words[max(0, end - _WORDS) : end]).encode("utf-8", "replace")) for end in ends)


def _candidates(sequences: Sequence[frozenset[int]]) -> list[tuple[int, int]]:
    """Pairs of pages whose sketches meet often enough that their texts may be alike: no need to compare all with all."""
    holders: dict[int, list[int]] = defaultdict(list)
    sketches = [sorted(each)[:_SKETCH] for each in sequences]
    for page, sketch in enumerate(sketches):
        for value in sketch:
            holders[value].append(page)
    shared = Counter(pair for pages in holders.values() if len(pages) <= _COMMON for pair in combinations(pages, 2))
    return sorted(
        pair for pair, count in shared.items() if count >= max(1, min(len(sketches[pair[0]]), len(sketches[pair[1]])) * ALIKE / 3)
    )


def _orphans(sources: Sequence[Source], pages: Pages) -> Iterator[Finding]:
    if len(sources) < 2:
        return
    reached = {slug for source in sources for slug in linked_slugs(source, pages)}
    for source in sources:
        if source.article.slug not in reached:
            line = line_of_key(source, "slug")
            yield Finding(source.article.path, line, "no other page leads here", "Link to it where readers would want it", False)


def _series(sources: Sequence[Source], pages: Pages) -> Iterator[Finding]:
    taken: dict[str, str] = {}
    for source in sources:
        article = source.article
        if article.follows is None:
            continue
        line = line_of_key(source, "follows")
        if article.follows not in pages.by_slug:
            yield Finding(article.path, line, f"follows {article.follows!r}, which does not exist", "Name an existing slug", True)
        elif _runs_in_a_circle(article.slug, pages.by_slug):
            yield Finding(article.path, line, "the series runs in a circle", "Let the first page follow none", True)
        elif article.follows in taken:
            message = f"follows {article.follows!r}, as {taken[article.follows]} does"
            yield Finding(article.path, line, message, "Put one behind the other", True)
        taken.setdefault(article.follows, article.path)


def _runs_in_a_circle(slug: str, pages: Mapping[str, Source]) -> bool:
    """Whether walking back from the page comes to the page again."""
    seen: set[str] = set()
    place: str | None = slug
    while place is not None and place in pages and place not in seen:
        seen.add(place)
        place = pages[place].article.follows
    return place == slug
