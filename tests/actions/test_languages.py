from __future__ import annotations

import pytest

from actions.languages import language_of, polite_word


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Wie kann ich meine Rechnung herunterladen?", "de"),
        ("Comment est-ce que je télécharge ma facture ?", "fr"),
        ("¿Cómo puedo descargar mi factura?", "es"),
        ("Non riesco a trovare la mia fattura, come posso fare?", "it"),
        ("Não consigo encontrar minha fatura, como posso baixar?", "pt"),
        ("Hoe kan ik mijn factuur downloaden?", "nl"),
        ("Gdzie jest moja faktura, jak mogę ją pobrać?", "pl"),
        ("Где мой счёт?", "ru"),
        ("請求書はどこですか", "ja"),
        ("我的发票在哪里", "zh"),
        ("أين فاتورتي؟", "ar"),
        ("Where do I find my invoice?", None),
        ("", None),
        ("123 !!", None),
    ],
)
def test_the_language_is_told_by_frequent_words_or_script(text: str, code: str | None) -> None:
    """A few frequent words or the script tell the language; English and wordless text tell none."""
    assert language_of(text) == code
    assert bool(polite_word(text)) == (code is not None)


@pytest.mark.parametrize("text", ["Wie kann ich zahlen?", "Где мой счёт?", "我的发票在哪里"])
def test_the_word_names_the_product(text: str) -> None:
    """What is supported is said in every language."""
    assert "PipeRocks CRM" in polite_word(text)
