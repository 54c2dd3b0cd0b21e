"""Intents and "none of these" on small, noisy chatbots, half of whose traffic is unknown: simulated from CLINC150.

``python -m benchmarks.small_chatbots --clinc data_full.json [--chatbots 9]`` draws them from the training and validation splits.
Each has 20, 28 or 52 neighbouring intents, taught by 5 to 40 utterances from two of five corners (k-means clusters) of the
intent, so that customers say it otherwise than its editors did, and asked about unevenly. 42, 55 or 70 % of the traffic is
unknown: half of it intents close by, the rest other intents and CLINC150's own out-of-scope questions. In every second chatbot
one in ten longer words of the traffic carries a typo.

Each is trained by ``rasa train nlu`` with ``config.yml`` as it is. Prints one JSON object: the share decided rightly at the bound
that training chose, at the best bound there is (which nobody can know beforehand), in scope without any rejection, and the shares
kept and caught.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

import settings
from benchmarks.open_intents import Labelled, Parsed, parse, train
from index.encoder import Encoder, OnnxEncoder

CHATBOTS = 9
INTENTS = (20, 28, 52)
UNKNOWN = (0.42, 0.55, 0.70)  # of the traffic
DRAWN, EACH, STRANGE = 84, 62, 200  # intents of CLINC150, utterances of each, out-of-scope questions
CORNERS, TAUGHT = 5, 2
LETTERS = "abcdefghijklmnopqrstuvwxyz"
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Pool:
    """What the chatbots are drawn from: utterances of each intent, out-of-scope questions, and the vectors of them all."""

    intents: dict[str, list[str]]
    strange: list[str]
    vectors: dict[str, Floats]

    def of(self, texts: Sequence[str]) -> Floats:
        """Vectors of ``texts``, float32 (texts, dimension)."""
        return np.stack([self.vectors[text] for text in texts])


@dataclass(frozen=True)
class Chatbot:
    """Utterances to learn from, and messages to judge."""

    taught: list[Labelled]
    asked: list[Labelled]


def main() -> int:
    """Draw, train and judge the chatbots."""
    parser = argparse.ArgumentParser(description="Measure intents on simulated small chatbots.")
    parser.add_argument("--clinc", type=Path, required=True, metavar="data_full.json")
    parser.add_argument("--chatbots", type=int, default=CHATBOTS)
    arguments = parser.parse_args()
    current = settings.load()
    encoder = OnnxEncoder.load(current.model_dir / current.nlu_encoder, threads=2)
    pool = read_pool(json.loads(arguments.clinc.read_text(encoding="utf-8")), encoder)
    found = [judged(draw(number, pool)) for number in range(arguments.chatbots)]
    mean = {name: round(fmean(each[name] for each in found), 4) for name in found[0]}
    sys.stdout.write(json.dumps({"mean": mean, "chatbots": found}, indent=1) + "\n")
    return 0


def read_pool(values: dict[str, list[list[str]]], encoder: Encoder) -> Pool:
    """A part of CLINC150 with its vectors; its test split is left to :mod:`benchmarks.open_intents`."""
    said: dict[str, set[str]] = {}
    for text, intent in (row for split in ("train", "val") for row in values[split]):
        said.setdefault(intent, set()).add(text)
    dice = random.Random(5)
    kept = dice.sample(sorted(said), min(DRAWN, len(said)))
    intents = {name: dice.sample(sorted(said[name]), min(EACH, len(said[name]))) for name in kept}
    strange = sorted({text for split in ("oos_train", "oos_val") for text, _ in values[split]})
    strange = dice.sample(strange, min(STRANGE, len(strange)))
    texts = sorted({text for each in intents.values() for text in each} | set(strange))
    return Pool(intents, strange, dict(zip(texts, encoder.encode(texts), strict=True)))


def draw(number: int, pool: Pool) -> Chatbot:
    """The chatbot of a number; the same number gives the same one."""
    dice, count = random.Random(number), INTENTS[number % len(INTENTS)]
    near = _neighbours(dice, pool, min(int(count * 1.5), len(pool.intents) - 6))
    inside, beside = near[:count], near[count:]
    taught: list[Labelled] = []
    asked: list[Labelled] = []
    for name in inside:
        learned = _corners(dice, pool, pool.intents[name], number)[: round(np.exp(dice.uniform(np.log(5), np.log(40))))]
        others = [text for text in pool.intents[name] if text not in set(learned)]
        dice.shuffle(others)
        taught += [Labelled(text, name) for text in learned]
        asked += [Labelled(text, name) for text in others[: round(np.exp(dice.uniform(np.log(2), np.log(25))))]]
    share = UNKNOWN[(number // 3 + number) % len(UNKNOWN)]
    asked += [Labelled(text, None) for text in _unknown(dice, pool, inside, beside, round(len(asked) * share / (1 - share)))]
    return Chatbot(taught, [Labelled(_typos(dice, item.text), item.intent) for item in asked] if number % 2 else asked)


def judged(chatbot: Chatbot) -> dict[str, float]:
    """The figures of a chatbot, trained and asked through Rasa."""
    with tempfile.TemporaryDirectory() as folder:
        model, _ = train(chatbot.taught, Path(folder))
        return figures(chatbot.asked, parse(model, [item.text for item in chatbot.asked]))


def figures(asked: Sequence[Labelled], parsed: Sequence[Parsed]) -> dict[str, float]:
    """Shares 0 to 1, as the module says."""
    rows = list(zip(asked, parsed, strict=True))

    def right(bound: float) -> float:
        return fmean((said.best if said.confidence >= bound else None) == item.intent for item, said in rows)

    return {
        "right": fmean(said.intent == item.intent for item, said in rows),
        "right_at_best_bound": max(right(bound) for bound in {0.0, 2.0, *(said.confidence for said in parsed)}),
        "in_scope_without_rejection": fmean(said.best == item.intent for item, said in rows if item.intent),
        "in_scope_kept": fmean(said.intent is not None for item, said in rows if item.intent),
        "unknown_caught": fmean(said.intent is None for item, said in rows if item.intent is None),
        "unknown_share": fmean(item.intent is None for item in asked),
    }


def _neighbours(dice: random.Random, pool: Pool, count: int) -> list[str]:
    """Intents close to each other: a few drawn ones with those nearest to them, in no order."""
    names = sorted(pool.intents)
    centres = np.stack([pool.of(pool.intents[name]).mean(axis=0) for name in names])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    found: dict[str, None] = {}
    while len(found) < count:
        nearest = np.argsort(-centres @ centres[dice.randrange(len(names))])[:10]
        found.update(dict.fromkeys(names[int(row)] for row in nearest))
    chosen = list(found)[:count]
    dice.shuffle(chosen)
    return chosen


def _corners(dice: random.Random, pool: Pool, texts: Sequence[str], seed: int) -> list[str]:
    """The utterances of two of an intent's five corners, in no order."""
    groups = KMeans(CORNERS, n_init=2, random_state=seed).fit_predict(pool.of(texts))
    taught = set(dice.sample(range(CORNERS), TAUGHT))
    kept = [text for text, group in zip(texts, groups, strict=True) if int(group) in taught]
    dice.shuffle(kept)
    return kept


def _unknown(dice: random.Random, pool: Pool, inside: Sequence[str], beside: Sequence[str], count: int) -> list[str]:
    """Messages of no intent of the chatbot: half close by, up to three tenths out-of-scope questions, the rest others."""
    close = [text for name in beside for text in pool.intents[name]]
    others = [text for name in pool.intents if name not in {*inside, *beside} for text in pool.intents[name]]
    strange = list(pool.strange)
    for texts in (close, others, strange):
        dice.shuffle(texts)
    beyond = [*close[: count // 2], *strange[: count * 3 // 10]]
    return [*beyond, *others[: count - len(beyond)]]


def _typos(dice: random.Random, text: str) -> str:
    """One in ten longer words with a letter dropped, swapped, replaced or doubled."""
    words = text.split()
    for place, word in enumerate(words):
        if len(word) > 3 and dice.random() < 0.1:
            at = dice.randrange(1, len(word) - 1)
            before, letter, behind = word[:at], word[at], word[at + 1 :]
            words[place] = dice.choice(
                [
                    before + behind,
                    before + behind[0] + letter + behind[1:],
                    before + dice.choice(LETTERS) + behind,
                    before + letter * 2 + behind,
                ]
            )
    return " ".join(words)


if __name__ == "__main__":
    sys.exit(main())
