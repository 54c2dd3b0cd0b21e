from __future__ import annotations

import pytest

from tests.actions.talk import Conversation

ANSWER, STATE = "action_answer_question", "action_state_policy"


@pytest.mark.parametrize(
    ("before", "text", "intent", "topic"),
    [
        ("policy_versions", "and 5?", "follow_up", "versions"),
        ("policy_versions", "we are on 6", "ask_technical", "versions"),
        ("policy_channels", "Signal?", "ask_integration", "channels"),
        ("policy_priority", "how would I reach them", "policy_channels", "priority"),
    ],
)
def test_few_words_go_on_with_the_policy(before: str, text: str, intent: str, topic: str, conversation: Conversation) -> None:
    """Right after a statement of the policy, a bare figure is a version, a messenger a channel, and "them" the people named."""
    conversation.say(STATE, "tell me", before)
    apps = {"Signal": False} if "Signal" in text else None
    said = conversation.say(ANSWER, text, intent, applications=apps)
    assert said.decisions == ["policy"] and said.slots["last_topic"] == f"policy_{topic}"


def test_until_when_is_no_goodbye(conversation: Conversation) -> None:
    """It goes on with the policy that was stated, whatever it sounds like."""
    conversation.say(STATE, "is 6 still supported", "policy_versions")
    assert conversation.say("action_small_talk", "until when exactly", "goodbye", confidence=0.5).decisions == ["policy"]


def test_a_question_that_nothing_answers_stays_on_the_policy(conversation: Conversation) -> None:
    """Who presses for more than the policy says is told once more what it says, not that no page was found."""
    conversation.say(STATE, "how fast is expedited", "policy_priority")
    said = conversation.say("action_handle_unclear", "give me a rough guess, off the record", "nlu_fallback")
    assert said.decisions == ["policy"] and said.slots["last_topic"] == "policy_priority"


@pytest.mark.parametrize(("intent", "confidence"), [("nlu_fallback", 0.9), ("ask_feature", 0.3)])
def test_what_is_told_behind_a_question_does_not_hide_it(intent: str, confidence: float, conversation: Conversation) -> None:
    """However unsure the message is as a whole, the question that it opens with goes on with the policy."""
    conversation.say(STATE, "what don't you do for us", "policy_limitations")
    text = "Has that changed, my colleague remembers it otherwise"
    said = conversation.say("action_handle_unclear", text, intent, confidence=confidence)
    assert said.decisions == ["policy"] and said.slots["last_topic"] == "policy_changes"


def test_a_version_word_does_not_hide_what_the_help_centre_knows(conversation: Conversation) -> None:
    """After the refusal of an old version a follow-up that names a release is about the versions, unless a page answers it."""
    conversation.say("action_refuse_request", "our 4.2 crashes", "outside_unsupported_version", versions={4: False})
    text = "where do I find my invoices since the release"
    policy = conversation.say(ANSWER, "and those outdated versions?", "ask_technical", confidence=0.2)
    assert policy.decisions == ["policy"]
    conversation.say("action_refuse_request", "our 4.2 crashes", "outside_unsupported_version", versions={4: False})
    assert conversation.say(ANSWER, text, "ask_technical", confidence=0.2).decisions == ["answer"]


@pytest.mark.parametrize(("confidence", "on_policy"), [(0.82, True), (0.97, False)])
def test_words_of_the_policy_alone_go_on_with_it(confidence: float, on_policy: bool, conversation: Conversation) -> None:
    """What names nothing but days and hours right after the policy is about it, unless it very surely is something else."""
    conversation.say(STATE, "when are you open", "policy_hours")
    said = conversation.say(ANSWER, "and if Monday was a holiday", "ask_billing", confidence=confidence)
    assert (said.decisions == ["policy"]) is on_policy


def test_a_few_words_that_go_on_are_not_declined(conversation: Conversation) -> None:
    """ "And her birthday?" behind a question goes on with it, found or not; what surely is another thing is declined."""
    conversation.say(ANSWER, "Where do I find my invoices?", "ask_billing")
    for confidence, refused in ((0.75, False), (0.95, True)):
        said = conversation.say("action_refuse_request", "and her birthday?", "outside_off_topic", confidence=confidence)
        assert (said.decisions == ["refuse"]) is refused


@pytest.mark.parametrize("text", ["we're in Ireland if that matters", "We sit in Munich", "Our office is in Leeds"])
def test_where_the_customer_is_belongs_to_the_hours(text: str, conversation: Conversation) -> None:
    """A place told right after the hours gets the rule once more; told after something else, it does not."""
    conversation.say(ANSWER, "Where do I find my invoices?", "ask_billing")
    assert conversation.say(ANSWER, text, "ask_billing", confidence=0.5).decisions != ["policy"]
    conversation.say(STATE, "when are you open", "policy_hours")
    assert conversation.say(ANSWER, text, "ask_billing", confidence=0.5).decisions == ["policy"]


@pytest.mark.parametrize(
    ("text", "intent", "on_policy"),
    [
        ("how much notice do we get, 30 days?", "ask_billing", True),
        ("how would I find out", "follow_up", True),
        ("how do I see my invoices", "ask_billing", False),
    ],
)
def test_how_one_hears_of_changes(text: str, intent: str, on_policy: bool, conversation: Conversation) -> None:
    """Behind a statement on changes, notice is that of changes; to find out or to see is so only where nothing else is meant."""
    conversation.say(STATE, "may you change the policy", "policy_changes")
    assert (conversation.say(ANSWER, text, intent).decisions == ["policy"]) is on_policy


def test_when_they_get_back_is_the_policy_behind_an_answer(conversation: Conversation) -> None:
    """Who asks when the people of support answer asks for the policy, though the words lean on the page that was shown."""
    conversation.say(ANSWER, "Where do I find my invoices?", "ask_billing")
    said = conversation.say(ANSWER, "how soon would they get back to me", "policy_response_time", confidence=0.6)
    assert said.decisions == ["policy"]


@pytest.mark.parametrize(
    ("text", "on_policy"),
    [
        ("People on Starter can write there also?", True),
        ("does Professional get that too?", True),
        ("do the invoices of Starter go there too?", True),
        ("how many users does Starter allow", False),
    ],
)
def test_another_plan_behind_priority_support(text: str, on_policy: bool, conversation: Conversation) -> None:
    """Right behind priority support, who asks whether another plan has that as well is told the policy."""
    conversation.say(STATE, "what is priority support", "policy_priority")
    assert (conversation.say(ANSWER, text, "ask_feature", confidence=0.97).decisions == ["policy"]) is on_policy


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("and with Pipedream?", True),
        ("what about Make.com then", True),
        ("and with Invoices", True),
        ("and with two users?", False),
    ],
)
def test_another_program_behind_an_integration(text: str, listed: bool, conversation: Conversation) -> None:
    """Behind a question on an integration, a name that no list knows is answered with the list; other words are not."""
    conversation.say("action_check_integration", "Do you link to HubSpot?", "ask_integration", applications={"HubSpot": False})
    said = conversation.say(ANSWER, text, "follow_up", confidence=0.57)
    assert (said.text.startswith("PipeRocks integrates with")) is listed
