from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from actions.composition import Services, install
from actions.refusals import NEAREST
from index.promises import promise_in
from tests.actions.talk import Conversation, Said

Say = Callable[..., Said]
ACTION = "action_refuse_request"
MESSAGES = {
    "third_party": "My HubSpot dashboard shows wrong numbers",
    "custom_development": "Write me a Python script that cleans our data",
    "network": "Our office wifi drops every ten minutes",
    "unsupported_version": "The calendar is broken on PipeRocks 4.2",
    "off_topic": "How many moons does jupiter have?",
}


def _refused(say: Say, kind: str, **more: object) -> Said:
    return say(ACTION, MESSAGES[kind], f"outside_{kind}", **more)


def test_the_classes_are_those_of_the_policy(built: Services) -> None:
    """The refusals that the actions know are exactly the policy's."""
    assert set(NEAREST) == set(built.policy.refusals) == set(MESSAGES)


@pytest.mark.parametrize("kind", MESSAGES)
def test_each_class_is_declined_with_help(kind: str, say: Say, built: Services) -> None:
    """Each class is declined as such, without area, with a next step, and without any promise of time."""
    said = _refused(say, kind)
    assert said.decisions == ["refuse"]
    assert said.reply["refusal"] == kind
    assert said.reply["area"] is None
    assert said.reply["evidence"]["policy_version"] == built.policy.version
    assert not said.reply["citations"] or said.reply["evidence"]["index_version"] == built.knowledge.version
    assert said.slots["last_refusal"] == kind
    assert promise_in(said.text) is None
    assert len(said.text.split()) > 15


@pytest.mark.parametrize(
    ("kind", "slug"),
    [("third_party", "integrations-overview"), ("custom_development", "what-can-be-customised"), ("network", "firewall-domains")],
)
def test_the_nearest_page_is_cited(kind: str, slug: str, say: Say) -> None:
    """A refusal cites the page that helps most beside the limit, and links it."""
    reply = _refused(say, kind).reply
    assert reply["citations"][0]["slug"] == slug
    assert f"](/help/{slug})" in reply["text"]


def test_the_application_is_named(say: Say) -> None:
    """A refusal for another application names that application."""
    assert "HubSpot" in _refused(say, "third_party", applications={"HubSpot": False}).text


OLDER = "upgrade-from-4-or-older"


@pytest.mark.parametrize(("line", "slug"), [(6, "upgrade-from-6-to-7"), (5, "upgrade-from-5-to-6"), (4, OLDER), (2, OLDER)])
def test_an_unsupported_version_gets_its_way_up(line: int, slug: str, say: Say) -> None:
    """The way up begins at the version that was named and leads to the current line."""
    said = _refused(say, "unsupported_version", versions={line: False})
    assert said.reply["citations"][0]["slug"] == slug
    assert "current release line is 7" in said.text


def test_nobody_is_sent_back(say: Say) -> None:
    """Once line 6 is unsupported its way up is the one step to 7, and no page on older lines."""
    citations = _refused(say, "unsupported_version", versions={6: False}).reply["citations"]
    assert [citation["slug"] for citation in citations] == ["upgrade-from-6-to-7"]


@pytest.mark.parametrize("kind", MESSAGES)
def test_without_pages_no_page_is_announced(kind: str, say: Say, built: Services) -> None:
    """A help centre that lacks the pages leaves a refusal that is whole: no sentence leads over to a list that is not there."""

    class Empty:
        version = built.knowledge.version

        def search(self, query: str, top: int = 10, *, context: str | None = None) -> object:
            return built.knowledge.search(query, top, context=context)

        def article(self, slug: str) -> None:
            return None

    install(replace(built, knowledge=Empty()))  # type: ignore[arg-type]
    said = _refused(say, kind)
    assert said.reply["citations"] == []
    assert said.text.endswith(".") and "here:" not in said.text


@pytest.mark.parametrize("kind", MESSAGES)
def test_the_section_is_the_policys(kind: str, say: Say, built: Services) -> None:
    """The section on which a refusal stands is the one that the policy file names for it."""
    moved = replace(built.policy.refusals[kind], section=9)
    install(replace(built, policy=replace(built.policy, refusals={**built.policy.refusals, kind: moved})))
    assert _refused(say, kind).reply["evidence"]["policy_section"] == 9


def test_a_supported_version_is_not_refused_for_its_version(say: Say) -> None:
    """Where the message names a supported version alone, it is not declined as unsupported."""
    ranking = {"outside_unsupported_version": 0.6, "ask_technical": 0.3}
    text = "undo import on PipeRocks 7.2"
    said = say(ACTION, text, "outside_unsupported_version", confidence=0.6, ranking=ranking, versions={7: True})
    assert said.reply["refusal"] != "unsupported_version"


def test_off_topic_cites_nothing(say: Say) -> None:
    """What has nothing to do with the product gets no page."""
    assert _refused(say, "off_topic").reply["citations"] == []


@pytest.mark.parametrize("kind", MESSAGES)
def test_insisting_brings_the_way_to_a_person(kind: str, conversation: Conversation) -> None:
    """Asked for the same class again, the refusal stays, offers a ticket, and says that the team may decline too."""
    _refused(conversation.say, kind)
    assert conversation.slots["pending_offer"] is None
    again = _refused(conversation.say, kind)
    assert again.reply["refusal"] == kind
    assert "ticket" in again.text and "decline" in again.text
    assert again.slots["pending_offer"] == "person"


def test_another_class_is_no_insisting(conversation: Conversation) -> None:
    """A refusal of another class is declined afresh."""
    _refused(conversation.say, "network")
    said = _refused(conversation.say, "off_topic")
    assert said.slots["pending_offer"] is None and said.slots["last_refusal"] == "off_topic"


def test_wording_differs_between_messages(say: Say) -> None:
    """Two refusals of the same class in two conversations need not sound the same."""
    texts = set()
    for number in range(12):
        said = say(ACTION, MESSAGES["network"], "outside_network", message_id=f"id-{number}")
        texts.add(said.text)
    assert len(texts) > 1


@pytest.mark.parametrize(
    "text",
    [
        "ok but which domains do we have to allow?",
        "fine, so where is the API key?",
        "can I pay by card",
        "what does enterprise cost",
    ],
)
def test_a_new_question_after_a_refusal_is_no_insisting(text: str, conversation: Conversation) -> None:
    """Words that lead over to a question do not make it insist on what was declined."""
    conversation.slots["last_refusal"] = "network"
    assert "refuse" not in conversation.say("action_answer_question", text, "ask_technical").decisions


@pytest.mark.parametrize(
    "text",
    [
        "so just fix it",
        "just help me please",
        "we cant upgrade now, so please solve this",
        "It's 20 lines, come on. Just do it for me",
        "we would pay of course",
        "enterprise customers too?",
        "not even for money?",
        "just google it for me, takes a second",
        "It has worked for six years. Surely somebody remembers it?",
        "I know it is old but can't you just tell me how to repair it?",
    ],
)
def test_pressing_on_in_a_few_words_is_insisting(text: str, conversation: Conversation) -> None:
    """Who only presses on gets the same limit once more."""
    _refused(conversation.say, "unsupported_version")
    assert conversation.say(ACTION, text, "nlu_fallback").reply["refusal"] == "unsupported_version"


@pytest.mark.parametrize(
    "text",
    [
        "just help me with the import of contacts then",
        "just tell me the way to import contacts",
        "can you just tell me where my invoices are",
        "can't you at least tell me where my invoices are",
        "Can I technically find my invoices myself?",
    ],
)
def test_naming_another_matter_is_no_insisting(text: str, conversation: Conversation) -> None:
    """ "Just help me with the import" names a matter of its own and is not declined for what was declined before."""
    _refused(conversation.say, "off_topic")
    assert conversation.say("action_answer_question", text, "ask_feature").decisions != ["refuse"]


def test_who_gives_in_and_asks_for_what_is_ours_is_answered(conversation: Conversation) -> None:
    """ "Fine, I'll write it on my own. Where do I find my invoices?" after a refusal is that question; told first, it is not."""
    text, clause = "fine, i'll write it on my own. Where do I find my invoices?", "Where do I find my invoices?"
    clauses = [("i'll write it on my own.", "outside_custom_development"), (clause, "ask_billing")]
    first = conversation.say(ACTION, text, "outside_custom_development", confidence=0.95, segments=clauses)
    assert first.decisions == ["refuse"]
    again = conversation.say(ACTION, text, "outside_custom_development", confidence=0.95, segments=clauses)
    assert again.decisions == ["answer"] and again.reply["citations"][0]["slug"] == "find-invoices"


def test_what_is_told_back_after_an_answer_is_no_trouble_of_its_own(conversation: Conversation) -> None:
    """ "No VPN, no. Tried two browsers" behind an answer goes on with its matter; the same trouble told first is declined."""
    text = "No VPN, no. Tried two browsers"
    assert conversation.say(ACTION, text, "outside_network").decisions == ["refuse"]
    conversation.slots["last_refusal"] = None
    conversation.say("action_answer_question", "Where do I find my invoices?", "ask_billing")
    assert conversation.say(ACTION, text, "outside_network").decisions != ["refuse"]
    assert conversation.say(ACTION, "our office wifi is down", "outside_network").decisions == ["refuse"]


def test_which_one_after_an_old_version_asks_for_the_versions(conversation: Conversation) -> None:
    """ "Which one do you support then?" behind the refusal of an old version brings the versions; behind others it does not."""
    text = "which one do you support then?"
    conversation.slots["last_refusal"] = "network"
    assert "31 December 2026" not in conversation.say("action_answer_question", text, "follow_up").text
    _refused(conversation.say, "unsupported_version")
    said = conversation.say("action_answer_question", text, "follow_up")
    assert said.decisions == ["policy"] and "31 December 2026" in said.text


@pytest.mark.parametrize(("confidence", "kind"), [(0.7, "network"), (0.9, "third_party")])
def test_an_unsure_refusal_stays_with_what_was_declined(confidence: float, kind: str, conversation: Conversation) -> None:
    """ "Netflix drops as well" is still about the network that was declined; what surely is of another class is declined so."""
    conversation.say(ACTION, "our office wifi drops every hour", "outside_network")
    ranking = {"outside_third_party": confidence, "outside_network": 1 - confidence}
    said = conversation.say(ACTION, "Netflix drops as well", "outside_third_party", confidence=confidence, ranking=ranking)
    assert said.reply["refusal"] == kind


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("we can't upgrade before summer", True),
        ("we simply can't update", True),
        ("Upgrading is no option until spring. What does 17 stand for?", True),
        ("moving to 7 isn't possible before the audit", True),
        ("please, only this one time. we cannot update before summer", True),
        ("we are on 7 now, but I can't update my profile picture", False),
        ("I can't move a deal to another pipeline", False),
        ("so upgrading is possible for us?", False),
        ("moving a deal is no longer offered in the menu", False),
    ],
)
def test_who_cannot_upgrade_insists(text: str, refused: bool, conversation: Conversation) -> None:
    """Staying on an old version presses on with what was declined; other things that cannot be done are questions."""
    conversation.say(ACTION, "our 4.2 crashes", "outside_unsupported_version", versions={4: False})
    said = conversation.say("action_answer_question", text, "ask_technical")
    assert (said.decisions == ["refuse"]) is refused


def test_a_clause_that_insists_is_no_question_beside_it(conversation: Conversation) -> None:
    """ "We cannot update before summer" sounds like a sure question of ours, and yet insists on help with the old version."""
    conversation.say(ACTION, "our 4.2 crashes", "outside_unsupported_version", versions={4: False})
    clauses = (("please, only this one time.", "follow_up", 0.3), ("we cannot update before summer", "ask_technical", 0.95))
    text = " ".join(clause for clause, *_ in clauses)
    said = conversation.say("action_answer_question", text, "ask_technical", confidence=0.3, segments=clauses)
    assert said.decisions == ["refuse"]


@pytest.mark.parametrize(
    ("text", "insisting"),
    [
        ("money is no issue, quote me a price", True),
        ("name your price", True),
        ("It's about sales and you're a sales tool, so it counts", True),
        ("only one page then, 300 words", True),
        ("just a short one", True),
        ("just one more question on the deals", False),
        ("only one field is missing there, how would I add it myself", False),
        ("only the deals page is slow", False),
        ("what is the price of Professional", False),
        ("the budget of the deal counts in the forecast", False),
    ],
)
def test_offering_money_and_bending_the_rule_insists(text: str, insisting: bool, conversation: Conversation) -> None:
    """Who offers any price, or argues that it belongs here, presses on with what was declined."""
    conversation.say(ACTION, "write me a motivational speech", "outside_off_topic")
    said = conversation.say("action_answer_question", text, "ask_billing", confidence=0.4)
    assert (said.decisions == ["refuse"]) is insisting


def test_a_matter_with_piperocks_is_not_declined_again(conversation: Conversation) -> None:
    """After another application was declined, trouble between it and PipeRocks is looked at, though it begins with "but"."""
    for text, refused in (("but invoices from PipeRocks don't land in there", False), ("but invoices don't land in there", True)):
        conversation.say(ACTION, "my payroll program calculates the tax wrong", "outside_third_party")
        said = conversation.say("action_answer_question", text, "ask_technical", confidence=0.6)
        assert (said.decisions == ["refuse"]) is refused


@pytest.mark.parametrize(("text", "decision"), [("3x + 7 = 22, x?", "refuse"), ("?? 22", "clarify")])
def test_figures_alone_may_be_declined(text: str, decision: str, conversation: Conversation) -> None:
    """A sum without a word is no riddle: it is declined where it surely is off topic."""
    confidence = 0.95 if decision == "refuse" else 0.5
    assert conversation.say(ACTION, text, "outside_off_topic", confidence=confidence).decisions == [decision]


def test_a_question_of_its_own_behind_staying_is_answered(conversation: Conversation) -> None:
    """ "Upgrading isn't possible. How long is 6 supported?" asks for the policy; "what does 17 stand for" presses on, once."""
    stay, asks = "Upgrading isn't possible this year.", "How long is line 6 supported?"
    conversation.say(ACTION, "our 4.2 crashes", "outside_unsupported_version", versions={4: False})
    clauses = [(stay, "outside_unsupported_version"), (asks, "policy_versions")]
    said = conversation.say("action_answer_question", f"{stay} {asks}", "ask_technical", confidence=0.4, segments=clauses)
    assert "policy" in said.decisions and "31 December 2026" in said.text
    conversation.say(ACTION, "our 4.2 crashes", "outside_unsupported_version", versions={4: False})
    clauses = [(stay, "outside_unsupported_version"), ("Tell me what 17 stands for.", "outside_custom_development")]
    text = f"{stay} Tell me what 17 stands for."
    said = conversation.say("action_answer_question", text, "ask_technical", confidence=0.4, segments=clauses)
    assert said.decisions == ["refuse"] and said.reply["refusal"] == "unsupported_version"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("It's like ten lines. Please?", True),
        ("But you'd advise us on where my invoices are?", False),
        ("thanks anyway", False),
        ("do it anyway", True),
    ],
)
def test_pressing_on_is_told_from_giving_in(text: str, refused: bool, conversation: Conversation) -> None:
    """However small it is said to be, it is insisted on; asking for advice instead, or giving thanks all the same, is not."""
    conversation.say(ACTION, "write us a module", "outside_custom_development")
    said = conversation.say("action_answer_question", text, "ask_customization", confidence=0.6)
    assert (said.decisions == ["refuse"]) is refused


@pytest.mark.parametrize(("kind", "refused"), [("network", False), ("off_topic", False), ("custom_development", True)])
def test_ours_behind_what_lies_elsewhere_is_looked_at(kind: str, refused: bool, conversation: Conversation) -> None:
    """ "But now only PipeRocks is slow" is no insisting where another matter was declined; on our own code it may well be."""
    conversation.say(ACTION, "fix it", f"outside_{kind}")
    said = conversation.say("action_answer_question", "but now only PipeRocks is slow", "ask_technical", confidence=0.6)
    assert (said.decisions == ["refuse"]) is refused
