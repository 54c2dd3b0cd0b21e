"""Intent recognition that may say "none of these": the model behind :mod:`bot.intent_classifier`, free of Rasa.

Features of an utterance: its sentence embedding, tf-idf of its character n-grams (robust to typos; reduced by a truncated
SVD, which keeps training fast), and marks (what the policy's lexicons found in it). A kernel ridge regression gives
probabilities. What decides on rejection is the best intent's regressed score itself, before the softmax: it falls off to 0 far
from all training utterances, where a probability is high, and knows of the margin to other intents, which a similarity does
not. On small data (nine chatbots made of a part of CLINC150: 20 to 52 intents of 5 to 40 utterances from two corners of each,
42 to 70 % of the traffic unknown, half of it close by) the best bound on it decides 87.2 of 100 rightly, on ``probability *
similarity to the nearest training utterance`` 85.0; on CLINC150 both more is kept and more is caught. Data with refusal classes
of its own has learned what lies beyond it and leaves little to reject; there the confidence is ``probability * similarity``, on
which the bounds of the dialogue were set.

The threshold and the scale of the probabilities come from cross-validation on the training data alone. What customers ask beyond
it is stood for by the data's own out-of-scope utterances where it has enough of them, else by intents that are held out in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold

from bot.kernel_ridge import KernelRidge, fitted_scale, sample, softmax

Floats = NDArray[np.float32]
OUTSIDE = "outside_"  # intents of our own refusal classes begin so: each is answered in its own way
UNKNOWN = ("oos", "out_of_scope", "out-of-scope")  # intents with which data marks "none of these"
ONE_FOLD = 10_000  # utterances from which one fold tells as much as all: it has thousands to test on, and the others take time
FEW, REPEATED = 3_000, 5  # below so many utterances, cross-validation is repeated so often with other divisions
_NO_APOSTROPHES = str.maketrans("", "", "'’")  # a message gets those back that it lacks, an utterance stays as it is
LEAST_UNKNOWN = 20  # utterances of them from which they alone say what customers ask beyond the training data


@dataclass(frozen=True)
class ModelOptions:
    """Strength of each part; see ``config.yml`` for what a user may set."""

    ridge: float = 0.1
    width: float = 0.5
    ngram_weight: float = 0.5
    ngram_dimension: int = 200
    marks_weight: float = 0.3
    unknown_share: float = 0.38
    unknown_share_held_out: float = 0.25
    unknown_share_with_outside: float = 0.05
    folds: int = 3
    seed: int = 7


@dataclass(frozen=True)
class Verdict:
    """What was recognised: intents with probabilities, best first, and the confidence in the first that decides on rejection."""

    ranking: tuple[tuple[str, float], ...]
    confidence: float
    similarity: float
    accepted: bool
    nearest: str


class OpenIntentModel:
    """Classifier with rejection. ``fit`` before ``predict``; arrays are (utterances, dimension), L2-normalised rows."""

    def __init__(self, options: ModelOptions | None = None) -> None:
        self.options = options or ModelOptions()
        self.threshold = 0.0

    def fit(self, texts: Sequence[str], dense: Floats, marks: Floats, labels: Sequence[str]) -> OpenIntentModel:
        """Learn from labelled utterances, then set the threshold by cross-validation on the same."""
        kept = sample(np.asarray(labels), self.options.seed)
        names, dense, marks = np.asarray(labels)[kept], dense.astype(np.float32)[kept], marks[kept]
        self._dimension, texts, labels = dense.shape[1], [texts[row] for row in kept], names.tolist()
        self._texts = list(texts)
        self._exact = {exact_key(text): label for text, label in zip(texts, labels, strict=True)}
        features = self._fit_features(texts, dense, marks)
        self._regression = self._regress(features, names)
        self.classes: NDArray[np.str_] = self._regression.classes
        self._cross_validate(features, names)
        return self

    @property
    def _dense(self) -> Floats:
        """Embeddings of what was learned from: the first columns of its features, so that a model holds them once."""
        return self._regression.features[:, : self._dimension]

    @property
    def fitted(self) -> bool:
        """Whether there is anything to predict with."""
        return hasattr(self, "classes")

    def predict(self, text: str, dense: Floats, marks: Floats) -> Verdict:
        """Recognise one utterance; ``dense`` and ``marks`` are (1, dimension)."""
        exact = self._exact.get(exact_key(text))
        scores = self.scores([text], dense, marks)
        probabilities = self._regression.probabilities(scores)[0]
        if exact is not None:
            # What an editor or a button says word for word is no matter of statistics.
            probabilities = np.where(self.classes == exact, 1.0, 0.0)
        order = np.argsort(-probabilities, kind="stable")
        similarity, nearest = nearest_of(dense, self._dense)
        ranking = tuple((str(self.classes[i]), float(probabilities[i])) for i in order[:10])
        confidence = 1.0 if exact is not None else float(self._confidence(scores, self._regression.scale, similarity)[0])
        return Verdict(ranking, confidence, float(similarity[0]), confidence >= self.threshold, self._texts[nearest[0]])

    def _fit_features(self, texts: Sequence[str], dense: Floats, marks: Floats) -> Floats:
        """Learn which n-grams there are and how to reduce them; the features of ``texts``."""
        rare = 2 if len(texts) > 500 else 1
        self._ngrams = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), min_df=rare, sublinear_tf=True, lowercase=True, dtype=np.float32
        )
        grams = self._ngrams.fit_transform(texts)
        dimension = min(self.options.ngram_dimension, min(grams.shape) - 1)
        self._reduction = TruncatedSVD(dimension, n_iter=3, random_state=self.options.seed).fit(grams)
        return self._joined(self._reduction.transform(grams), dense, marks)

    def _joined(self, grams: Floats, dense: Floats, marks: Floats) -> Floats:
        """(utterances, embedding + reduced n-grams + marks) float32."""
        parts = [dense, grams * self.options.ngram_weight, marks * self.options.marks_weight]
        return np.hstack(parts).astype(np.float32)

    def _regress(self, features: Floats, labels: NDArray[np.str_]) -> KernelRidge:
        return KernelRidge(self.options.ridge, self.options.width).fit(features, labels)

    def scores(self, texts: Sequence[str], dense: Floats, marks: Floats) -> Floats:
        """Regressed scores (utterances, intents) in the order of ``classes``, about 0 to 1."""
        grams = self._reduction.transform(self._ngrams.transform(texts))
        return self._regression.scores(self._joined(grams, dense, marks))

    def _confidence(self, scores: Floats, scale: float, similarity: NDArray[np.float64]) -> NDArray[np.float64]:
        """The confidence in the best intent of each row of scores, 0 to 1; see the module for what it is of which data."""
        if _has_refusals(self.classes):
            return np.asarray(softmax(scores, scale).max(axis=1) * similarity)
        return np.asarray(np.clip(scores.max(axis=1).astype(np.float64), 0.0, 1.0))

    def _cross_validate(self, features: Floats, labels: NDArray[np.str_]) -> None:
        """Set the scale of the probabilities, and the threshold that decides best at the share of unknown traffic that the
        options expect of such data.

        The folds share the n-grams learned from all texts, which knows no labels and spares most of the time.
        """
        marked = _marked(labels)
        hold_out = int(marked.sum()) < LEAST_UNKNOWN
        # Of few utterances one division tells little: which intents happen to be held out moves the threshold by much.
        rounds = REPEATED if len(labels) < FEW else 1
        folds = [fold for number in range(rounds) for fold in self._folds(labels, self.options.seed + number, hold_out=hold_out)]
        if len(labels) >= ONE_FOLD and not marked.any():
            folds = folds[:1]
        regressions = [self._regress(features[train], labels[train]) for train, _, _ in folds]
        scores = [regression.scores(features[test]) for regression, (_, test, _) in zip(regressions, folds, strict=True)]
        seen = [~np.isin(labels[test], held_out) for _, test, held_out in folds]
        right = [
            np.searchsorted(regression.classes, labels[test][known])
            for regression, (_, test, _), known in zip(regressions, folds, seen, strict=True)
        ]
        scale = fitted_scale([rows[known] for rows, known in zip(scores, seen, strict=True)], right)
        self._regression.scale = scale
        known, unknown, correct = [], [], []
        for regression, rows, (train, test, held_out) in zip(regressions, scores, folds, strict=True):
            named = regression.classes[rows.argmax(axis=1)]
            confidence = self._confidence(rows, scale, nearest_of(self._dense[test], self._dense[train])[0])
            # Naming the out-of-scope intent rejects, however sure of it the model is.
            confidence[np.isin(named, labels[marked])] = 0.0
            inside = ~np.isin(labels[test], held_out) & ~marked[test]
            known.append(confidence[inside])
            unknown.append(confidence[~inside])
            correct.append(named[inside] == labels[test][inside])
        if known:
            kept = (np.concatenate(known), np.concatenate(correct), np.concatenate(unknown))
            self.threshold = best_threshold(*kept, self._share(labels))

    def _share(self, labels: NDArray[np.str_]) -> float:
        """The share of unknown traffic; data with refusal classes of its own leaves little to reject.

        On CLINC150's training data the bound stays where it is for any share of marked unknown traffic from about .3 to .45; the
        option lies in the middle. Intents that are held out lie nearer to the others than most of what customers ask beyond them,
        so a bound that weighs them fully rejects too much.
        """
        if _has_refusals(labels):
            return self.options.unknown_share_with_outside
        told = int(_marked(labels).sum()) >= LEAST_UNKNOWN
        return self.options.unknown_share if told else self.options.unknown_share_held_out

    def _folds(
        self, labels: NDArray[np.str_], seed: int, *, hold_out: bool
    ) -> list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.str_]]]:
        """Per fold: training rows, test rows, and with ``hold_out`` the intents left out of training (each is left out once).

        An intent of one utterance can be tested on nothing, so it is only ever trained on; a fold that leaves fewer than two
        intents to tell apart is none.
        """
        names, counts = np.unique(labels, return_counts=True)
        names, counts = names[counts > 1], counts[counts > 1]
        folds = min([self.options.folds, len(names), *counts.tolist()])
        if folds < 2:
            return []
        rows, single = np.flatnonzero(np.isin(labels, names)), np.flatnonzero(~np.isin(labels, names))
        shuffled = np.random.default_rng(seed).permutation(names)
        splitter = StratifiedKFold(folds, shuffle=True, random_state=seed)
        parts = []
        for number, (train, test) in enumerate(splitter.split(np.zeros(len(rows)), labels[rows])):
            held_out = shuffled[number::folds] if hold_out else shuffled[:0]
            kept = np.concatenate([rows[train], single])
            kept = kept[~np.isin(labels[kept], held_out)]
            if len(np.unique(labels[kept])) > 1:
                parts.append((kept, rows[test], held_out))
        return parts


def nearest_of(dense: Floats, trained: Floats) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cosine similarity of each embedding (texts, dimension) to the nearest row of ``trained``, and that row."""
    similarities = dense @ trained.T
    nearest = similarities.argmax(axis=1)
    return np.clip(similarities[np.arange(len(nearest)), nearest], 0.0, 1.0).astype(np.float64), nearest


def best_threshold(
    known: NDArray[np.float64], right: NDArray[np.bool_], unknown: NDArray[np.float64], unknown_share: float
) -> float:
    """The confidence bound that maximises accuracy: known and rightly named is accepted, unknown is rejected.

    Where the bounds around the best do about as well, which of them is best is chance: the middle of their stretch is taken.
    ``known`` and ``unknown`` are confidences; the two groups are weighed to ``1 - unknown_share`` and ``unknown_share``.
    """
    if not len(unknown) or not len(known):
        return 0.0
    candidates = np.unique(np.concatenate([known, unknown, [0.0]]))
    accepted = np.array([(right & (known >= bound)).mean() for bound in candidates])
    rejected = np.array([(unknown < bound).mean() for bound in candidates])
    value = (1 - unknown_share) * accepted + unknown_share * rejected
    worse = np.flatnonzero(value < value.max() - negligible(len(known) + len(unknown)))
    best = int(np.argmax(value))
    first = int(worse[worse < best][-1]) + 1 if (worse < best).any() else 0
    last = int(worse[worse > best][0]) - 1 if (worse > best).any() else len(candidates) - 1
    return float((candidates[first] + candidates[last]) / 2)


def negligible(count: int) -> float:
    """A difference of accuracy over ``count`` utterances that says nothing: a fifth of its largest standard error."""
    return float(0.1 / np.sqrt(count))


def _marked(labels: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Which labels say "none of these"."""
    marked = np.zeros(len(labels), dtype=bool)
    for name in UNKNOWN:
        marked |= np.char.startswith(labels.astype(str), name)
    return marked


def _has_refusals(labels: NDArray[np.str_]) -> bool:
    return any(str(name).startswith(OUTSIDE) for name in np.unique(labels))


def exact_key(text: str) -> str:
    """What two texts share that are the same word for word, whatever their case, spaces, end marks and apostrophes."""
    return " ".join(text.lower().translate(_NO_APOSTROPHES).split()).strip(" .!?")
