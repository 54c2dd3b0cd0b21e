from __future__ import annotations

import pytest

from actions.handoff import NO_DETAILS
from tests.actions.talk import Conversation

SLOTS = ("ticket_summary", "ticket_impact", "ticket_contact", "ticket_confirm")
GIVEN = {"ticket_summary": "The import stops at row 12", "ticket_impact": "me", "ticket_contact": "ada@example.org"}


@pytest.fixture
def last_question(conversation: Conversation) -> Conversation:
    """A hand-off in which only the confirmation is missing."""
    conversation.slots.update(GIVEN)
    return conversation


def test_summary_is_kept_with_its_area(conversation: Conversation) -> None:
    """The customer's words become the summary; a support question tells the area."""
    slots = conversation.answer("ticket_summary", "  The import stops at row 12 ", "ask_technical").slots
    assert slots["ticket_summary"] == "The import stops at row 12"
    assert slots["ticket_area"] == "technical"
    assert conversation.slots["ticket_impact"] is None


def test_summary_may_tell_that_everyone_is_affected(conversation: Conversation) -> None:
    """Who says so in the summary is not asked again who is affected."""
    slots = conversation.answer("ticket_summary", "Nobody in our company can log in", "ask_technical").slots
    assert slots["ticket_impact"] == "everyone"


def test_summary_of_a_refused_kind_is_marked(conversation: Conversation) -> None:
    """A request that is outside support is taken, and carries its class."""
    slots = conversation.answer("ticket_summary", "Write us a script", "outside_custom_development").slots
    assert slots["ticket_summary"] == "Write us a script"
    assert slots["ticket_refusal"] == "custom_development"


def test_summary_is_cut_at_a_bound(conversation: Conversation) -> None:
    """A summary of any length is taken, up to the bound of what a ticket shows."""
    assert len(conversation.answer("ticket_summary", "import " * 1000, "ask_technical").slots["ticket_summary"]) == 2000


@pytest.mark.parametrize("intent", ["request_human", "affirm", "deny", "request_escalation"])
def test_repeating_the_wish_never_loops(intent: str, conversation: Conversation) -> None:
    """Who only repeats "human!" gets on: the summary says that no details were given."""
    summary = conversation.answer("ticket_summary", "human!!!", intent).slots["ticket_summary"]
    assert summary is not None and "human!!!" not in summary


@pytest.mark.parametrize(
    ("text", "impact"),
    [
        ("Just me", "me"),
        ("only me I think", "me"),
        ("Several of us", "several"),
        ("three colleagues", "several"),
        ("Everyone", "everyone"),
        ("the whole company", "everyone"),
        ("all users", "everyone"),
    ],
)
def test_impact_in_the_customers_words(text: str, impact: str, conversation: Conversation) -> None:
    """Who is affected is understood in everyday words, those of the buttons among them."""
    assert conversation.answer("ticket_impact", text, "inform_impact").slots["ticket_impact"] == impact


def test_impact_behind_a_word_of_thanks(conversation: Conversation) -> None:
    """Who is affected counts, whatever the rest of the message sounds like."""
    assert conversation.answer("ticket_impact", "Alright. It's only me, I'm the admin", "thank").slots["ticket_impact"] == "me"


def test_who_tells_us_to_open_it_is_asked_no_more(conversation: Conversation) -> None:
    """An order to open the ticket ends the questions once the matter is told, and only then."""
    conversation.slots["ticket_summary"] = "the board is empty"
    told = conversation.answer("ticket_impact", "that is correct, please open it", "affirm")
    assert (told.slots["ticket_impact"], told.slots["ticket_confirm"]) == ("me", "yes")
    conversation.slots["ticket_summary"] = NO_DETAILS
    untold = conversation.answer("ticket_impact", "just open it", "affirm")
    assert untold.slots.get("ticket_confirm") != "yes"


def test_impact_that_is_no_answer_is_asked_again(conversation: Conversation) -> None:
    """What tells nothing about who is affected leaves the question open."""
    assert conversation.answer("ticket_impact", "banana", "nlu_fallback").slots["ticket_impact"] is None


def test_impact_of_a_repeated_wish_is_the_careful_one(conversation: Conversation) -> None:
    """Who only repeats the wish for a person counts as one person affected."""
    assert conversation.answer("ticket_impact", "human!", "request_human").slots["ticket_impact"] == "me"


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("ada@example.org", "ada@example.org"),
        ("write to ada.l+crm@mail.example.co.uk.", "ada.l+crm@mail.example.co.uk"),
        ("call +44 20 7946 0018", "+44 20 7946 0018"),
        ("(030) 1234567", "(030) 1234567"),
    ],
)
def test_contact_is_found_in_the_text(text: str, contact: str, conversation: Conversation) -> None:
    """An e-mail address or phone number is taken out of the sentence around it."""
    assert conversation.answer("ticket_contact", text, "inform_contact").slots["ticket_contact"] == contact


@pytest.mark.parametrize("text", ["just write me", "ada at example", "12345", "row 12 of 2026"])
def test_contact_that_is_none_is_asked_again(text: str, conversation: Conversation) -> None:
    """Text without an address or number leaves the question open."""
    assert conversation.answer("ticket_contact", text, "inform_contact").slots["ticket_contact"] is None


@pytest.mark.parametrize("asked", SLOTS)
def test_a_policy_question_is_an_aside(asked: str, conversation: Conversation) -> None:
    """A policy question in the middle of the hand-off is answered, and the question stays open."""
    said = conversation.answer(asked, "What are your opening hours?", "policy_hours")
    assert said.decisions == ["policy"]
    assert conversation.slots[asked] is None
    assert conversation.slots["requested_slot"] in (*SLOTS[: SLOTS.index(asked) + 1], asked)


@pytest.mark.parametrize(
    "intent", ["greet", "thank", "how_are_you", "chitchat", "bot_challenge", "capabilities", "ticket_status"]
)
def test_small_talk_is_an_aside(intent: str, conversation: Conversation) -> None:
    """Small talk gets a word back and is taken for no answer."""
    said = conversation.answer("ticket_summary", "hello again", intent)
    assert said.decisions == ["smalltalk"]
    assert conversation.slots["ticket_summary"] is None


@pytest.mark.parametrize(
    ("story", "intent"),
    [
        ("The Slack integration stopped posting our deal updates since the weekend", "ask_integration"),
        ("I have been waiting for an answer about my refund since last week", "policy_response_time"),
    ],
)
def test_a_story_is_the_matter_whatever_it_sounds_like(story: str, intent: str, conversation: Conversation) -> None:
    """Asked for the matter, a statement at length is the answer: it is not lost to a reply on the policy or an integration."""
    said = conversation.answer("ticket_summary", story, intent)
    assert said.replies == [] and said.slots["ticket_summary"] == story


def test_an_integration_question_is_an_aside(conversation: Conversation) -> None:
    """A question about an integration is answered and the hand-off goes on."""
    said = conversation.answer("ticket_impact", "list of all supported integrations", "ask_integration")
    assert said.decisions == ["answer"]
    assert conversation.slots["ticket_impact"] is None


@pytest.mark.parametrize("asked", ["ticket_impact", "ticket_contact"])
def test_a_support_question_is_answered_and_the_question_stays(asked: str, conversation: Conversation) -> None:
    """A support question asked instead of an answer is answered; what was asked for is asked again."""
    said = conversation.answer(asked, "Where do I find invoices?", "ask_billing")
    assert said.decisions == ["answer"]
    assert conversation.slots[asked] is None


@pytest.mark.parametrize("asked", SLOTS)
def test_cancelling_works_at_every_question(asked: str, conversation: Conversation) -> None:
    """At every question a cancel ends the hand-off: nothing is asked any more, and nothing is opened."""
    said = conversation.answer(asked, "never mind, cancel it", "cancel")
    assert said.slots["requested_slot"] is None
    closing = conversation.say("action_open_ticket", "never mind, cancel it", "cancel")
    assert closing.decisions == ["smalltalk"]
    assert conversation.tickets() == []
    assert all(conversation.slots[name] is None for name in SLOTS)


@pytest.mark.parametrize("intent", ["affirm", "request_human", "request_escalation"])
def test_a_yes_confirms(intent: str, last_question: Conversation) -> None:
    """A yes, or the wish repeated, confirms."""
    assert last_question.answer("ticket_confirm", "go ahead", intent).slots["ticket_confirm"] == "yes"


@pytest.mark.parametrize("intent", ["deny", "cancel"])
def test_a_no_cancels(intent: str, last_question: Conversation) -> None:
    """A no at the last question opens nothing."""
    last_question.answer("ticket_confirm", "better not", intent)
    last_question.say("action_open_ticket", "better not", intent)
    assert last_question.tickets() == []


def test_a_corrected_address_is_taken_over(last_question: Conversation) -> None:
    """Another address instead of a yes replaces the first, and the confirmation is asked again."""
    slots = last_question.answer("ticket_confirm", "no, use bob@example.org", "inform_contact").slots
    assert slots["ticket_contact"] == "bob@example.org"
    assert slots["ticket_confirm"] is None


def test_a_corrected_impact_is_taken_over(last_question: Conversation) -> None:
    """Another impact instead of a yes replaces the first."""
    slots = last_question.answer("ticket_confirm", "actually everyone is affected", "inform_impact").slots
    assert slots["ticket_impact"] == "everyone" and slots["ticket_confirm"] is None


def test_both_can_be_corrected_at_once(last_question: Conversation) -> None:
    """Address and impact corrected in one message are both taken over."""
    text = "it affects everyone, and write to bob@example.org"
    slots = last_question.answer("ticket_confirm", text, "inform_impact").slots
    assert (slots["ticket_impact"], slots["ticket_contact"]) == ("everyone", "bob@example.org")


def test_more_details_join_the_summary(last_question: Conversation) -> None:
    """Details instead of a yes are added to the summary and the confirmation is asked again."""
    slots = last_question.answer("ticket_confirm", "it started on Monday after lunch", "ask_technical").slots
    assert slots["ticket_summary"] == "The import stops at row 12\nit started on Monday after lunch"
    assert slots["ticket_confirm"] is None


@pytest.mark.parametrize("more", ["it started on 2026-05-01 after lunch", "order 1234 5678 9012 is affected too"])
def test_digits_in_more_details_are_no_address(more: str, last_question: Conversation) -> None:
    """A date or an order's number told at the last step joins the summary, and the address stays."""
    last_question.answer("ticket_confirm", more, "ask_technical")
    assert last_question.slots["ticket_summary"] == f"The import stops at row 12\n{more}"
    assert last_question.slots["ticket_contact"] == GIVEN["ticket_contact"]


@pytest.mark.parametrize("text", ["0131 496 0123", "yes but ring 0131 496 0123 instead"])
def test_a_corrected_number_is_taken_over(text: str, last_question: Conversation) -> None:
    """A telephone number that stands alone, or is given as one, replaces the address whatever the intent."""
    assert last_question.answer("ticket_confirm", text, "nlu_fallback").slots["ticket_contact"] == "0131 496 0123"


def test_a_question_instead_of_a_yes_is_answered(last_question: Conversation) -> None:
    """A question at the last step is answered and not added to the summary."""
    said = last_question.answer("ticket_confirm", "Where do I find invoices?", "ask_billing")
    assert said.decisions == ["answer"]
    assert last_question.slots["ticket_summary"] == GIVEN["ticket_summary"]
    assert last_question.slots["ticket_confirm"] is None


@pytest.mark.parametrize(("word", "opened"), [("yes", 1), ("no", 0)])
def test_plain_words_are_understood_whatever_the_intent(word: str, opened: int, last_question: Conversation) -> None:
    """A literal yes or no counts, even where the classifier was unsure."""
    last_question.answer("ticket_confirm", word, "nlu_fallback", confidence=0.2)
    last_question.say("action_open_ticket", word, "nlu_fallback")
    assert len(last_question.tickets()) == opened


def test_a_whole_hand_off_opens_exactly_one_ticket(conversation: Conversation) -> None:
    """From a bare wish through all questions, with an aside in between, one ticket is opened."""
    conversation.say("action_start_handoff", "human please", "request_human")
    conversation.answer("ticket_summary", "The import stops at row 12", "ask_technical")
    conversation.answer("ticket_impact", "What are your opening hours?", "policy_hours")
    conversation.answer("ticket_impact", "Several of us", "inform_impact")
    assert conversation.slots["ticket_contact"] == "ada@example.org"
    conversation.answer("ticket_confirm", "Yes, open the ticket", "affirm")
    conversation.say("action_open_ticket", "Yes, open the ticket", "affirm")
    again = conversation.say("action_start_handoff", "human please", "request_human")
    (ticket,) = conversation.tickets()
    assert (ticket.impact, ticket.area, ticket.priority) == ("several", "technical", "high")
    assert again.reply["ticket"]["number"] == ticket.number


def test_the_address_and_the_impact_in_one_answer(conversation: Conversation) -> None:
    """Asked who is affected, "just me, write to ..." answers both questions, and its "me" is not read twice."""
    slots = conversation.answer("ticket_impact", "the whole team, and write to me at x@y.example", "inform_impact").slots
    assert (slots["ticket_impact"], slots["ticket_contact"]) == ("everyone", "x@y.example")


def test_an_address_alone_leaves_the_impact_open(conversation: Conversation) -> None:
    """ "Mail me at ..." instead of an answer is kept, and says nothing of who is affected."""
    slots = conversation.answer("ticket_impact", "mail me at x@y.example", "inform_contact").slots
    assert (slots["ticket_impact"], slots["ticket_contact"]) == (None, "x@y.example")


def test_details_instead_of_the_impact_join_the_summary(conversation: Conversation) -> None:
    """More of the matter, told instead of an answer, is not lost, and the question is asked again."""
    conversation.slots["ticket_summary"] = "The import stops"
    slots = conversation.answer("ticket_impact", "it removed only half of the contacts", "ask_technical").slots
    assert slots["ticket_impact"] is None
    assert slots["ticket_summary"] == "The import stops\nit removed only half of the contacts"


def test_something_wrong_is_asked_after(last_question: Conversation) -> None:
    """ "That's wrong" at the confirmation is a wish to correct, not to cancel."""
    said = last_question.answer("ticket_confirm", "that's wrong", "deny")
    assert "What should I change" in said.text and last_question.slots["ticket_confirm"] is None


def test_who_only_repeats_human_is_answered_in_the_chat(conversation: Conversation) -> None:
    """Without an address, who only repeats "human!" gets the answer here, so that nobody is stuck."""
    assert conversation.answer("ticket_contact", "human!", "request_human").slots["ticket_contact"] == "this chat"


def test_a_question_with_an_afterthought_is_answered(last_question: Conversation) -> None:
    """A question at the confirmation is answered though the message does not end with it, and nothing joins the summary."""
    text = "Actually where do I find invoices? Maybe that's it"
    clauses = [("Actually where do I find invoices?", "ask_billing"), ("Maybe that's it", "not_helpful")]
    said = last_question.answer("ticket_confirm", text, "ask_billing", segments=clauses)
    assert "answer" in said.decisions
    assert last_question.slots["ticket_summary"] == GIVEN["ticket_summary"]


def test_a_question_without_its_mark_is_answered(last_question: Conversation) -> None:
    """ "Wait, no. It may be the filter. Where do I find invoices" asks, though no question mark says so."""
    text = "wait no. may be the filter. where do i find invoices"
    clauses = [("wait no.", "deny"), ("may be the filter.", "ask_feature", 0.3), ("where do i find invoices", "follow_up")]
    said = last_question.answer("ticket_confirm", text, "ask_feature", segments=clauses)
    assert "answer" in said.decisions
    assert last_question.slots["ticket_confirm"] is None


@pytest.mark.parametrize(
    ("text", "confirmed"),
    [
        ("didn't change anything. please send the ticket", "yes"),
        ("ok just submit it", "yes"),
        ("don't send it", "no"),
        ("No, cancel. Send it later", "no"),
        ("Send it. No wait, don’t", "no"),
        ("send the ticket? I said no", "no"),
        ("forget it", "no"),
    ],
)
def test_telling_to_send_it_is_a_yes(text: str, confirmed: str, last_question: Conversation) -> None:
    """Who tells to send the ticket has it sent, even where the rest sounds like calling it off; who says not to has not."""
    slots = last_question.answer("ticket_confirm", text, "cancel").slots
    assert slots["ticket_confirm"] == confirmed


def test_an_answer_in_the_chat_is_an_address_whatever_it_sounds_like(conversation: Conversation) -> None:
    """ "Just answer here" settles where to answer, though it may sound like a word to the assistant itself."""
    conversation.slots.update({**GIVEN, "ticket_contact": None})
    slots = conversation.answer("ticket_contact", "just answer here in this chat", "capabilities").slots
    assert slots["ticket_contact"] == "this chat"


def test_here_in_small_talk_is_no_address(conversation: Conversation) -> None:
    """Thanks for help "here" do not settle where to answer."""
    conversation.slots.update({**GIVEN, "ticket_contact": None})
    assert conversation.answer("ticket_contact", "thanks for helping me here", "thank").slots["ticket_contact"] is None


@pytest.mark.parametrize("text", ["hmm no", "not quite", "ok, not yet"])
def test_hesitating_is_asked_after_once(text: str, last_question: Conversation) -> None:
    """A hesitating no puts nothing away: what to change is asked; a second no ends it."""
    said = last_question.answer("ticket_confirm", text, "deny")
    assert "What should I change" in said.text and last_question.slots["ticket_confirm"] is None
    assert last_question.answer("ticket_confirm", text, "deny").slots["ticket_confirm"] == "no"


def test_the_address_of_the_account_replaces_another(last_question: Conversation) -> None:
    """ "Use the mail of my account" at the confirmation means the address that the sign-in told."""
    last_question.answer("ticket_confirm", "write to bob@example.org", "inform_contact")
    slots = last_question.answer("ticket_confirm", "hm, take the mail of my account after all", "nlu_fallback").slots
    assert slots["ticket_contact"] == "ada@example.org"


def test_a_chore_is_no_request(conversation: Conversation) -> None:
    """Asked what the matter is, a wish for a joke is declined, and marks no ticket as out of scope."""
    said = conversation.answer("ticket_summary", "tell me a joke first", "outside_off_topic")
    assert said.decisions == ["refuse"]
    assert conversation.slots["ticket_summary"] is None and conversation.slots["ticket_refusal"] is None


def test_what_no_page_answers_goes_along(last_question: Conversation) -> None:
    """A question in the hand-off that no page answers joins the request; nobody on the way to a person is offered one."""
    text = "does the quantum flux of our zeppelin matter here?"
    said = last_question.answer("ticket_confirm", text, "ask_feature")
    assert said.decisions == ["collect"]
    assert last_question.slots["ticket_summary"] == f"{GIVEN['ticket_summary']}\n{text}"


def test_a_detail_for_the_ticket_joins_the_request(last_question: Conversation) -> None:
    """ "Can you add that ..." before the ticket is open is part of it, though it is put as a question."""
    text = "can you add that refunds are missing too"
    assert text in last_question.answer("ticket_confirm", text, "add_to_ticket").slots["ticket_summary"]


def test_a_clause_that_cancels_cancels(last_question: Conversation) -> None:
    """ "Stop, cancel. It was my browser" is no further detail."""
    text = "stop, cancel. it was my browser"
    clauses = [("stop, cancel.", "cancel"), ("it was my browser", "ask_technical")]
    assert last_question.answer("ticket_confirm", text, "ask_technical", segments=clauses).slots["ticket_confirm"] == "no"


@pytest.mark.parametrize("text", ["hold on a minute", "wait", "one sec please"])
def test_a_pause_cancels_nothing(text: str, last_question: Conversation) -> None:
    """ "Hold on a minute" waits, whatever it sounds like, and the question comes again."""
    said = last_question.answer("ticket_confirm", text, "cancel")
    assert said.decisions == ["smalltalk"] and last_question.slots["ticket_confirm"] is None


def test_a_detail_is_no_question_whatever_it_sounds_like(conversation: Conversation) -> None:
    """ "Can you add that it began on Monday" joins the request at every question, and no page is looked for."""
    conversation.slots["ticket_summary"] = "The import stops"
    text = "can you add that it began on Monday"
    said = conversation.answer("ticket_impact", text, "ask_feature")
    assert said.decisions == [] and conversation.slots["ticket_summary"] == f"The import stops\n{text}"


def test_who_gets_the_ticket_is_told_in_a_word(conversation: Conversation) -> None:
    """ "Who handles it now?" asks after the ticket that is being made, not after how a case is escalated; no time is stated."""
    conversation.slots["ticket_summary"] = "The import stops"
    said = conversation.answer("ticket_impact", "who handles it now?", "policy_escalation", confidence=0.4)
    assert said.decisions == ["collect"] and "support team" in said.text
    assert said.slots["ticket_impact"] is None and conversation.slots["ticket_summary"] == "The import stops"
    assert "support team" in conversation.answer("ticket_contact", "who gets it then?", "ask_billing", confidence=0.2).text
    surely = conversation.answer("ticket_impact", "who reviews an escalated case?", "policy_escalation")
    assert surely.decisions == ["policy"]


@pytest.mark.parametrize(("text", "impact"), [("pretty much every soul here", "everyone"), ("a fair number", "several")])
def test_a_sure_answer_in_other_words_is_one(text: str, impact: str, conversation: Conversation) -> None:
    """Where the intent surely says who is affected, words that no list holds are an answer too."""
    said = conversation.answer("ticket_impact", text, "inform_impact", confidence=0.95)
    assert said.slots["ticket_impact"] == impact


def test_one_other_person_is_not_several(conversation: Conversation) -> None:
    """Who else but the customer may be affected alone: nothing is assumed, the question comes again."""
    said = conversation.answer("ticket_impact", "only the receptionist", "inform_impact", confidence=0.95)
    assert said.slots["ticket_impact"] is None


def test_finding_it_right_sends_it(last_question: Conversation) -> None:
    """ "All correct now" is a yes, though it sounds as if the matter were solved."""
    assert last_question.answer("ticket_confirm", "all correct now", "solved").slots["ticket_confirm"] == "yes"


def test_not_yet_keeps_what_was_told(last_question: Conversation) -> None:
    """Who asks to wait with sending loses nothing: it is asked what to change."""
    said = last_question.answer("ticket_confirm", "No, don't send it yet.", "deny")
    assert said.slots["ticket_confirm"] is None and "Not yet" in said.text


def test_how_to_get_higher_up_is_no_yes(last_question: Conversation) -> None:
    """A question about escalation at the confirmation opens nothing by itself."""
    text = "How do I get this to somebody higher up?"
    assert last_question.answer("ticket_confirm", text, "request_escalation").slots["ticket_confirm"] is None


def test_what_is_solved_needs_no_ticket(conversation: Conversation) -> None:
    """Surely solved, the hand-off ends; hardly so, it goes on."""
    assert conversation.answer("ticket_impact", "never mind me, it works again", "solved").slots["ticket_confirm"] == "no"
    assert conversation.answer("ticket_impact", "one works again", "solved", confidence=0.5).slots.get("ticket_confirm") is None


def test_a_chore_behind_a_sigh_is_declined(conversation: Conversation) -> None:
    """What has nothing to do with the product is declined in the hand-off too, wherever in the message it stands."""
    said = conversation.answer("ticket_impact", "boring. what's the weather in Porto", "outside_off_topic")
    assert said.decisions == ["refuse"]


def test_dropping_it_for_another_question_answers_that(conversation: Conversation) -> None:
    """ "Forget it. Where do I find my invoices?": no ticket, and the answer."""
    clauses = [("forget it.", "cancel"), ("where do I find my invoices?", "ask_billing")]
    text = "forget it. where do I find my invoices?"
    said = conversation.answer("ticket_impact", text, "ask_billing", segments=clauses)
    assert said.slots["ticket_confirm"] == "no"
    ended = conversation.say("action_open_ticket", text, "ask_billing", segments=clauses)
    assert ended.decisions == ["smalltalk", "answer"] and conversation.tickets() == []


def test_how_soon_somebody_answers_is_told_in_between(last_question: Conversation) -> None:
    """What sounds like one more wish for a person and asks how soon gets the rule; nothing is added to the request."""
    said = last_question.answer("ticket_confirm", "how long till someone answers that", "request_human", confidence=0.45)
    assert said.decisions == ["policy"] and "24 hours during business days" in said.text
    assert "ticket_summary" not in said.slots and said.slots["ticket_confirm"] is None


@pytest.mark.parametrize(
    ("text", "sent"), [("No, don't. I'll try the update first", "no"), ("nope, no need", "no"), ("no, don't know", None)]
)
def test_forbidding_it_opens_nothing(last_question: Conversation, text: str, sent: str | None) -> None:
    """A plain "don't" at the confirmation ends the hand-off, whatever is told behind it."""
    assert last_question.answer("ticket_confirm", text, "ask_technical", confidence=0.4).slots["ticket_confirm"] == sent


def test_a_change_behind_a_dont_is_taken_over(last_question: Conversation) -> None:
    """ "No, don't. My mail is ..." corrects what will be sent; nothing that was told is put away."""
    said = last_question.answer("ticket_confirm", "No, don't. My mail is ada@new.example", "deny")
    assert said.slots["ticket_confirm"] is None and said.slots["ticket_contact"] == "ada@new.example"


def test_dropping_it_at_the_end_of_a_message_counts(conversation: Conversation) -> None:
    """ "Found the bell icon, nvm" ends the hand-off at any question."""
    said = conversation.answer("ticket_impact", "lol found the bell icon, nvm", "ask_customization", confidence=0.2)
    assert said.slots["ticket_confirm"] == "no"


@pytest.mark.parametrize("asked", ["ticket_summary", "ticket_impact", "ticket_contact"])
def test_why_it_is_asked_is_told(asked: str, conversation: Conversation) -> None:
    """Each question of the hand-off has a reason, which is told before it is asked again."""
    said = conversation.answer(asked, "Why do you need to know that?", "follow_up", confidence=0.3)
    assert said.decisions == ["collect"] and said.slots[asked] is None


def test_what_follows_on_a_yes_is_told(last_question: Conversation) -> None:
    """ "What happens once I say yes?" is told, and the ticket is neither opened nor dropped by it."""
    said = last_question.answer("ticket_confirm", "what happens once I say yes?", "ask_feature", confidence=0.38)
    assert said.decisions == ["collect"] and "its number" in said.text
    assert said.slots["ticket_confirm"] is None


def test_dropping_a_question_for_a_person_cancels_nothing(conversation: Conversation) -> None:
    """ "Forget that, I'd rather have a person" drops the question asked in between, and not the way to the person."""
    conversation.slots.update(ticket_summary="The import stops at row 12")
    text = "no, forget that, I'd rather have a person after all"
    said = conversation.answer("ticket_impact", text, "request_human", segments=((text, "request_human"),))
    assert said.slots["ticket_impact"] == "me" and said.slots.get("ticket_confirm") != "no"


def test_what_is_told_with_the_impact_is_kept(conversation: Conversation) -> None:
    """Who answers whom it affects and tells more of the matter finds both in the request."""
    conversation.slots.update(ticket_summary="Look into our calendar sync")
    text = "Google meetings don't show in PipeRocks, and everybody in the office has it"
    slots = conversation.answer("ticket_impact", text, "ask_technical").slots
    assert slots["ticket_impact"] == "everyone" and slots["ticket_summary"] == f"Look into our calendar sync\n{text}"
