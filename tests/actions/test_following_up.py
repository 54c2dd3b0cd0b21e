from __future__ import annotations

from actions.composition import Services
from actions.following_up import fitting, name_of, question_before
from actions.turn import Intent, Turn
from desk.identity import Identity

QUESTION = "Where do I find my invoices?"


def turn(text: str, intent: str, **memory: object) -> Turn:
    """A turn with a memory."""
    read = Intent(intent, 0.9)
    return Turn("c", "m", text, text, read, (read,), {}, 0.0, (), (), (), Identity("u"), memory, False)


def test_what_leans_on_the_question_before() -> None:
    """Follow-ups and short questions that point back lean; a question with a subject of its own does not."""
    memory = {"last_question": QUESTION}
    assert question_before(turn("and on mobile?", "follow_up", **memory)) == QUESTION
    assert question_before(turn("can I delete it later?", "ask_feature", **memory)) == QUESTION
    assert question_before(turn("webhooks", "ask_feature", **memory)) is None
    assert question_before(turn("How do I add a user to the account?", "ask_billing", **memory)) is None
    assert question_before(turn("and on mobile?", "follow_up")) is None


def test_the_same_passage_is_not_read_out_twice(built: Services) -> None:
    """Where all that a follow-up finds was said already and says nothing of what is added, there is no answer."""
    found = built.knowledge.search(QUESTION, top=3).hits
    asking = turn("and on a smartwatch?", "follow_up", last_question=QUESTION, shown=[name_of(found[0])])
    assert fitting(asking, found[:1], built.knowledge) == []


def test_another_section_of_the_page_answers(built: Services) -> None:
    """What a follow-up adds is looked for in the other sections of the page that is talked about."""
    found = [hit for hit in built.knowledge.search(QUESTION, top=5).hits if hit.slug == "find-invoices"]
    asking = turn("and who receives them?", "follow_up", last_question=QUESTION, shown=["find-invoices#download-one-invoice"])
    assert fitting(asking, found, built.knowledge)[0].section == "Change who receives invoices"
