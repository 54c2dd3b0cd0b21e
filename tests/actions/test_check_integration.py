from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from actions.composition import Services, install
from actions.integrations import integration
from actions.turn import Application, Intent, Turn
from desk.identity import Identity
from policy import values
from tests.actions.talk import Conversation, Said

Say = Callable[..., Said]
ACTION = "action_check_integration"


def test_a_supported_one_is_a_yes_with_its_page(say: Say) -> None:
    """A supported integration is confirmed by name and its own page is quoted and cited first."""
    said = say(ACTION, "Does Slack work with the CRM?", "ask_integration", applications={"Slack": True})
    assert said.decisions == ["answer"]
    assert said.text.startswith("Yes, **Slack**")
    assert said.reply["citations"][0]["slug"] == "integration-slack"
    assert "Settings > Integrations > Slack" in said.text
    assert said.reply["area"] == "feature"


def test_a_supported_one_without_a_page_is_still_a_yes(say: Say) -> None:
    """Where the help centre has no page of its own for it, the overview is cited."""
    said = say(ACTION, "Is Twilio supported?", "ask_integration", applications={"Twilio": True})
    assert said.text.startswith("Yes, **Twilio**")
    assert [citation["slug"] for citation in said.reply["citations"]] == ["integrations-overview"]


def test_a_missing_one_is_a_no_with_the_list(say: Say, built: Services) -> None:
    """An application off the list is denied, and all supported ones are named."""
    said = say(ACTION, "Do you connect to HubSpot?", "ask_integration", applications={"HubSpot": False})
    assert said.decisions == ["answer"]
    assert "**HubSpot** is not among our supported integrations" in said.text
    assert all(item.name in said.text for item in built.policy.integrations)
    assert [citation["slug"] for citation in said.reply["citations"]] == ["integrations-overview", "integration-zapier"]


def test_two_missing_ones_are_both_named(say: Say) -> None:
    """Two applications off the list are denied in one sentence."""
    said = say(ACTION, "HubSpot or Jira?", "ask_integration", applications={"HubSpot": False, "Jira": False})
    assert "**HubSpot** and **Jira** are not" in said.text


def test_three_missing_ones_read_as_a_list(say: Say) -> None:
    """Three applications are listed as people list them."""
    named = {"HubSpot": False, "Jira": False, "Notion": False}
    assert (
        "**HubSpot**, **Jira** and **Notion** are not" in say(ACTION, "Any of these?", "ask_integration", applications=named).text
    )


def test_one_named_twice_is_one(built: Services) -> None:
    """Who names an application twice asks about one: it gets the page's answer, or one denial."""
    read = Intent("ask_integration", 0.9)
    for name, on_list, told in (("Slack", True, "Yes, **Slack**"), ("Jira", False, "**Jira** is not")):
        text = f"Does {name} work with it? {name} is what we use."
        twice = tuple(Application(name, on_list, start) for start in (5, text.rindex(name)))
        turn = Turn("c", "m", text, text, read, (read,), {}, 0.0, (), twice, (), Identity("u"), {}, False)
        assert integration(turn, built, built.knowledge.search(text)).text.startswith(told)


def test_a_mixed_question_separates_them(say: Say) -> None:
    """A question about a supported and another application says of each what holds."""
    said = say(ACTION, "Slack and HubSpot?", "ask_integration", applications={"Slack": True, "HubSpot": False})
    assert "Supported integrations: **Slack**." in said.text
    assert "Not supported: **HubSpot**." in said.text
    assert "integration-slack" in [citation["slug"] for citation in said.reply["citations"]]


def test_none_named_brings_the_overview(say: Say) -> None:
    """Asked for the list as such, the overview answers."""
    said = say(ACTION, "Give me the list of all supported integrations", "ask_integration")
    assert said.decisions == ["answer"]
    assert said.reply["citations"][0]["slug"] == "integrations-overview"


def test_the_policy_decides_the_list(say: Say, built: Services) -> None:
    """An integration that is added to the policy is named with no other change."""
    added = values.Integration(values.Application("Basecamp"), "integration-basecamp")
    install(replace(built, policy=replace(built.policy, integrations=(*built.policy.integrations, added))))
    said = say(ACTION, "Do you connect to HubSpot?", "ask_integration", applications={"HubSpot": False})
    assert "Basecamp" in said.text


def test_the_policy_alone_suffices(say: Say, built: Services) -> None:
    """A help centre without any of the pages still gets the policy's answer, which then is a policy decision."""

    class Empty:
        version = "000000"

        def search(self, query: str, top: int = 10, *, context: str | None = None) -> object:
            return replace(built.knowledge.search(query), hits=(), answerable=False, confidence=0.0)

        def article(self, slug: str) -> None:
            return None

    install(replace(built, knowledge=Empty()))  # type: ignore[arg-type]
    said = say(ACTION, "Is Twilio supported?", "ask_integration", applications={"Twilio": True})
    assert said.decisions == ["policy"]
    assert said.reply["evidence"]["policy_section"] == 8


def test_that_one_is_the_one_named_last(conversation: Conversation) -> None:
    """ "How do I connect that one" behind two integrations is about the second."""
    conversation.say(ACTION, "do you play nice with HubSpot?", "ask_integration", applications={"HubSpot": False})
    conversation.say(ACTION, "and Slack?", "ask_integration", applications={"Slack": True})
    assert conversation.slots["last_question"] == "and Slack?"


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("can i whatsapp you", "policy"),
        ("Is there a way to chat with you over WhatsApp?", "policy"),
        ("do you sync with WhatsApp", "answer"),
        ("does WhatsApp support groups in the timeline", "answer"),
        ("Can I call someone with WhatsApp from a contact?", "answer"),
        ("Can I message a contact on WhatsApp?", "answer"),
    ],
)
def test_writing_to_us_through_an_application_asks_for_the_channels(say: Say, text: str, decision: str) -> None:
    """Who wants to reach us by an application gets the channels; who wants to use it with PipeRocks, the list."""
    assert say(ACTION, text, "ask_integration", applications={"WhatsApp": False}).decisions == [decision]


@pytest.mark.parametrize(
    ("before", "text", "listed"),
    [
        ("do you connect to HubSpot", "which ones are there all together", True),
        ("do you connect to HubSpot", "what others do you have", True),
        ("do you connect to HubSpot", "which fields are there on a deal", False),
        ("do you connect to HubSpot", "what can I do with it", False),
        (None, "which ones are there all together", False),
    ],
)
@pytest.mark.parametrize("action", ["action_handle_unclear", "action_answer_question"])
def test_which_others_there_are_is_the_list(
    action: str, before: str | None, text: str, listed: bool, conversation: Conversation
) -> None:
    """Behind a word on one integration "which ones are there" asks for the list; by itself it may be about anything."""
    if before:
        conversation.say(ACTION, before, "ask_integration", applications={"HubSpot": False})
    unclear = action == "action_handle_unclear"
    said = conversation.say(action, text, "nlu_fallback" if unclear else "ask_feature", confidence=0.4)
    assert ("Google Workspace" in said.text) is listed
