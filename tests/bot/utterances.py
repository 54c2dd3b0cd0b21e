"""Small training data whose intents share no words, so that the offline double of the encoder tells them apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.open_intent import ModelOptions, OpenIntentModel
from bot.units import MARKS
from index.encoder import HashingEncoder

WORDS = {
    "ask_billing": ("invoice", "payment", "refund", "card", "price"),
    "ask_technical": ("error", "crash", "import", "login", "sync"),
    "ask_feature": ("pipeline", "report", "deal", "stage", "forecast"),
    "ask_customization": ("field", "layout", "colour", "label", "template"),
    "outside_off_topic": ("weather", "football", "recipe", "joke", "poem"),
}
FRAMES = ("where is my {0}", "the {0} and the {1}", "{0} {1} {2}", "my {1} needs {0}", "no {0} with {1}", "show {2} or {0}")


def utterances(intents: Sequence[str] = tuple(WORDS), each: int = 12) -> dict[str, list[str]]:
    """``each`` different utterances for every intent."""
    made = {}
    for intent in intents:
        words = WORDS[intent]
        texts = [
            frame.format(*(words[(start + place) % len(words)] for place in range(3)))
            for start in range(len(words))
            for frame in FRAMES
        ]
        made[intent] = texts[:each]
    return made


class Trained:
    """A model fitted on utterances by intent, asked by text alone."""

    def __init__(self, data: dict[str, list[str]], options: ModelOptions | None = None) -> None:
        self.encoder = HashingEncoder(48)
        self.texts = [text for texts in data.values() for text in texts]
        self.labels = [intent for intent, texts in data.items() for _ in texts]
        self.dense, self.marks = self.encoder.encode(self.texts), no_marks(len(self.texts))
        self.model = OpenIntentModel(options).fit(self.texts, self.dense, self.marks, self.labels)

    def ask(self, text: str):  # type: ignore[no-untyped-def]
        """The verdict on a text."""
        return self.model.predict(text, self.encoder.encode([text]), no_marks(1))


def no_marks(rows: int) -> NDArray[np.float32]:
    """Marks of texts in which the policy's lexicons found nothing."""
    return np.zeros((rows, len(MARKS)), dtype=np.float32)
