"""How evidence becomes a ranking and a confidence: pure functions over numbers.

Measured on 90 questions over SuiteCRM's documentation and on our own pages' questions, each asked with itself left out: BM25 and
the page as a whole both help on both, and half their weights do nearly as well. A page counts as its best chunk; a mean over its
three best was worse on the former (whose long pages hold much that is beside the point) and a little better on the latter.

Late interaction over the pages that come out first: on SuiteCRM's documentation it brought hit@1 .722 -> .767 (.789 with the
vectors themselves instead of their signs), on our own pages without their typical questions .687 -> .740. A word counts as met by
whichever of a page's best chunks meets it best: against the one chunk that meets all of them best, hit@5 .944 -> .956 on the
former and .933 -> .940 on the latter (hit@1 .767 as before, .747 -> .760). With typical questions late interaction
brings hardly anything, and at full weight it costs: what customers typed finds pages better than words that meet. So its weight
falls with the share of pages that have such questions. It looks at no questions itself: a short text has fewer words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from index.encoder import Vectors

LEXICAL_WEIGHT = 0.2
PAGE_WEIGHT = 0.4
_BEST = 1 + LEXICAL_WEIGHT + PAGE_WEIGHT
LATE_WEIGHT = 1.2  # of late interaction beside a page's score without it, in content without typical questions
QUESTIONED_WEIGHT = 0.3  # the same where every page has some
LATE_PAGES = 20  # pages for which it is computed, best first
LATE_CHUNKS = 2  # of each of them, the best ones
SECTION_MET, SECTION_HEADING = 0.5, 0.15  # of words met, and named in the heading, beside a section's likeness to the question
SECTION_LED = 0.14  # of the typical question's likeness, for the section that it leads to
NEIGHBOURS = 10  # pages against which the best one is compared

WORST_WORDS = 3  # of a query, of which it is told how badly they are met
BEST_CHUNKS = 3  # of the best page, of which the mean similarity is taken
RIDGE = 100.0  # of the signals' weights: the questions of a build are far easier to tell apart than those of customers

SIGNALS = ("similarity", "gap", "coverage", "known", "strange", "words_met", "worst_met", "strangely_met")
OLDER_SIGNALS = ("body", "page", "met")  # of versions that older releases built; a new calibration does not look at them
MEASURED = (*SIGNALS, *OLDER_SIGNALS)
UNNAMED_SIGNALS = ("similarity", "page", "gap", "coverage", "known", "strange")  # of versions whose manifest does not name them
STRANGERS = 3  # shipped questions of which the mean similarity is taken
NEAR_STRANGERS = 10  # of them, of which it is looked how well they meet the query's words


def fused(similarity: Vectors, lexical: Vectors) -> Vectors:
    """Score of every chunk from its similarity and its BM25 score relative to the best one; all of shape (chunks,)."""
    best = float(lexical.max(initial=0.0))
    return similarity + LEXICAL_WEIGHT * lexical / best if best > 0 else similarity


def page_scores(chunk_scores: Vectors, starts: npt.NDArray[np.int64], page_similarity: Vectors) -> Vectors:
    """Score -1 to 1 of every page: its best chunk and a little of the page as a whole.

    ``starts`` (pages,) holds the number of each page's first chunk; every page has at least one.
    """
    best = np.maximum.reduceat(chunk_scores, starts)
    return cast(Vectors, (best + PAGE_WEIGHT * page_similarity) / _BEST)


def late_weight(questioned: float) -> float:
    """Weight of late interaction in content of which the share ``questioned`` of pages, 0 to 1, has typical questions."""
    return LATE_WEIGHT + (QUESTIONED_WEIGHT - LATE_WEIGHT) * questioned


def with_late(page_scores: Vectors, pages: npt.NDArray[np.int64], late: Vectors, weight: float) -> Vectors:
    """``page_scores`` joined with how well the words of the query are met on the first ``pages``; all of them -1 to 1.

    On other pages nothing is taken to be met; they come after those in any case, as what they had was less already.
    """
    met = np.zeros(len(page_scores), dtype=np.float32)
    met[pages] = np.maximum(late, 0.0)
    return cast(Vectors, (page_scores + weight * met) / (1 + weight))


def section_scores(similarity: Vectors, met: Vectors, headed: Vectors, led: Vectors, question: float) -> Vectors:
    """How well each section of a page answers a question that found the page by a typical ``question`` of its; all (sections,).

    ``met`` is how well the words are met in it, ``headed`` the share of them in its heading, ``led`` 1 where the typical question
    leads. Which section that is was decided without the question at hand; read side by side for 127 questions written blind, 21
    got another section, of which 12 answered better and 4 worse.
    """
    return cast(Vectors, similarity + SECTION_MET * met + SECTION_HEADING * headed + SECTION_LED * question * led)


def strangeness(vector: Vectors, strangers: Vectors, itself: int | None = None) -> float:
    """Mean similarity of a query's ``vector`` (dimension,) to the shipped questions nearest to it, (questions, dimension).

    A cohort of impostors, as speaker verification normalises its scores by: what resembles a question from elsewhere more than
    the content is from elsewhere. ``itself`` is the number of the query among them, which does not count.
    """
    similarity = strangers @ vector
    if itself is not None:
        similarity = np.delete(similarity, itself)
    return float(np.sort(similarity)[-STRANGERS:].mean()) if len(similarity) else 0.0


def in_order(values: Mapping[str, float]) -> Vectors:
    """What tells whether the best page answers, in the order of :data:`MEASURED`, float32 (signals,).

    ``similarity`` is that of the page's best chunk, ``gap`` its :func:`lead`; ``coverage`` is the share of the query's weight of
    words found on the page, ``known`` the share found anywhere; ``strange`` is the :func:`strangeness`, ``strangely_met`` the
    same word by word; ``words_met`` and ``worst_met`` are how well the query's tokens are met on the page (see
    :mod:`index.late_interaction`), in the mean and the worst of them.

    Measured on three contents (SuiteCRM's documentation, our own pages with and without their questions), area under the
    curve: the last three instead of ``body``, ``page`` and ``met`` brought .911 -> .928, .895 -> .901 and .799 -> .809. What
    was tried as well and told nothing more, or told it on one content alone: the length of the query, the coverage by the
    three best pages, the best BM25 score, whether it and similarity agree, the distance to the second and the sixth page, the
    similarity by another encoder and whether it finds the same page, how near the page's own words are to the query's, how
    much better other pages meet its words, the spread of the best scores, and weights learnt from customers' questions on
    another content.
    """
    return np.array([values[name] for name in MEASURED], dtype=np.float32)


def lead(similarity: Vectors, ranking: npt.NDArray[np.int64]) -> float:
    """How far the best page's ``similarity`` (pages,) is above that of the next in the ``ranking`` (pages,)."""
    rivals = similarity[ranking[1 : NEIGHBOURS + 1]]
    return float(similarity[int(ranking[0])]) - float(rivals.mean()) if len(rivals) else 0.0


def worst(met: Vectors) -> float:
    """Mean of the :data:`WORST_WORDS` least values of how well a query's tokens are met, (tokens,); 0 where there are none."""
    return float(np.sort(met)[:WORST_WORDS].mean()) if len(met) else 0.0


def nearest(similarity: Vectors) -> float:
    """Mean of the :data:`BEST_CHUNKS` greatest similarities of a page's chunks, (chunks,)."""
    return float(np.sort(similarity)[-BEST_CHUNKS:].mean())


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over what is :data:`MEASURED`, with the probability from which a question counts as answerable."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    threshold: float

    def confidence(self, values: Vectors) -> float:
        """Probability 0 to 1 that the best page answers."""
        standard = (values - np.array(self.mean)) / np.array(self.scale)
        return float(_logistic(standard @ np.array(self.weights) + self.bias))

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the version's manifest."""
        return {"signals": list(MEASURED), **{name: getattr(self, name) for name in self.__dataclass_fields__}}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Calibration:
        """The calibration that :meth:`as_dict` was made of.

        A version that an older release built knows other signals: those that are new to it count for nothing, and it serves
        until the next build.
        """
        names = values.get("signals", UNNAMED_SIGNALS)
        mean, scale, weights = (dict(zip(names, values[part], strict=True)) for part in ("mean", "scale", "weights"))
        return cls(
            tuple(mean.get(name, 0.0) for name in MEASURED),
            tuple(scale.get(name, 1.0) for name in MEASURED),
            tuple(weights.get(name, 0.0) for name in MEASURED),
            values["bias"],
            values["threshold"],
        )


def fit(positives: Sequence[Vectors], negatives: Sequence[Vectors], *, refused: float, cost: float) -> Calibration:
    """Fit a calibration to the signals of questions with an answer (``positives``) and without; both weigh the same in sum.

    Of two thresholds it takes the lower: one refuses the share ``refused`` of the positives; the other answers as soon as that
    is the cheaper mistake, where a false refusal costs as much as ``cost`` false answers.
    """
    rows = np.array([*positives, *negatives], dtype=np.float64)[:, : len(SIGNALS)]
    target = np.array([1.0] * len(positives) + [0.0] * len(negatives))
    share = np.where(target == 1, 0.5 / max(1, len(positives)), 0.5 / max(1, len(negatives)))
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3)
    design = np.hstack([(rows - mean) / scale, np.ones((len(rows), 1))])
    found = _newton(design, target, share * len(rows), RIDGE)
    # The ridge shrinks the probabilities as well; a second fit of their scale alone makes them honest again (Platt 1999).
    drawn = np.column_stack([design @ found, np.ones(len(rows))])
    stretch, shift = _newton(drawn, target, share * len(rows), 1e-3)
    found = found * stretch
    found[-1] += shift
    older = len(OLDER_SIGNALS)
    model = Calibration(
        (*mean.tolist(), *[0.0] * older),
        (*scale.tolist(), *[1.0] * older),
        (*found[:-1].tolist(), *[0.0] * older),
        float(found[-1]),
        0.5,
    )
    kept = np.quantile([model.confidence(values) for values in positives], refused) if positives else 1.0
    return replace(model, threshold=max(float(min(kept, 1 / (1 + cost))), 0.02))


def _newton(
    design: npt.NDArray[np.float64], target: npt.NDArray[np.float64], importance: npt.NDArray[np.float64], strength: float
) -> npt.NDArray[np.float64]:
    """Logistic regression with a ridge, by Newton's method; the bias, in the last column, is not shrunk."""
    ridge = np.diag([strength] * (design.shape[1] - 1) + [1e-6])
    found = np.zeros(design.shape[1])
    for _ in range(30):
        chance = _logistic(design @ found)
        gradient = design.T @ (importance * (chance - target)) + ridge @ found
        curvature = (design * (importance * chance * (1 - chance))[:, None]).T @ design + ridge
        step = np.linalg.solve(curvature, gradient)
        found = found - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return found


def _logistic(values: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-np.clip(values, -30, 30)))
