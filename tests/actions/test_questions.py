from __future__ import annotations

from collections.abc import Sequence

import pytest

from actions.questions import asked, asks_openly, gives_up, is_request, opening, wish
from actions.turn import Application, Intent, Segment, Turn
from desk.identity import Identity


def turn(
    *clauses: tuple[str, str, float], applications: Sequence[Application] = (), whole: Sequence[tuple[str, float]] = ()
) -> Turn:
    """A turn of clauses with their intents; as a whole it is read as ``whole``, or as something of each of them."""
    segments = tuple(Segment(text, Intent(name, sure), (Intent(name, sure),)) for text, name, sure in clauses)
    text = " ".join(text for text, _, _ in clauses)
    first = segments[0].intent
    none = Identity("u")
    ranking = tuple(Intent(name, sure) for name, sure in whole or [(name, sure / len(clauses)) for _, name, sure in clauses])
    return Turn("c", "m", text, text, first, ranking, {}, 0.0, segments, tuple(applications), (), none, {}, False)


def texts(message: Turn) -> list[str]:
    """The clauses that ask."""
    return [part.text for part in asked(message)]


def test_two_questions_of_one_area_are_two() -> None:
    """Two questions count as two, though both are of the same intent."""
    message = turn(("Where are my invoices?", "ask_billing", 0.9), ("How do I change the card?", "ask_billing", 0.9))
    assert texts(message) == ["Where are my invoices?", "How do I change the card?"]


def test_a_story_is_one_matter() -> None:
    """Support matters that are told, not asked, are one; beside a question they are its background."""
    story = (("It worked yesterday.", "ask_technical", 0.8), ("Today it fails.", "ask_technical", 0.9))
    assert texts(turn(*story)) == ["It worked yesterday. Today it fails."]
    assert texts(turn(*story, ("Why does it stop?", "ask_technical", 0.9))) == ["Why does it stop?"]


def test_a_refused_clause_counts_where_it_asks_and_is_sure() -> None:
    """What is out of scope is declined where it is asked for; told, unsure, or leaning on the clause before it is not."""
    support = ("Where are my invoices?", "ask_billing", 0.9)
    assert len(texts(turn(support, ("What's the capital of Peru?", "outside_off_topic", 0.9)))) == 2
    assert len(texts(turn(support, ("The weather was bad today.", "outside_off_topic", 0.9)))) == 1
    assert len(texts(turn(support, ("What's the capital of Peru?", "outside_off_topic", 0.3)))) == 1
    assert len(texts(turn(support, ("Where would I get them from?", "outside_off_topic", 0.9)))) == 1


def test_a_clause_that_only_sounds_out_of_scope_is_support() -> None:
    """ "Who won the most?" by itself is idle talk, but not in a message that as a whole surely is about reports; where the whole
    shows traces of both, both count.
    """
    clauses = (("Who won the most last month?", "outside_off_topic", 0.99), ("I need a leaderboard.", "ask_feature", 0.9))
    assert texts(turn(*clauses, whole=[("ask_feature", 0.98), ("outside_off_topic", 0.005)])) == ["I need a leaderboard."]
    assert len(texts(turn(*clauses, whole=[("ask_feature", 0.6), ("outside_off_topic", 0.3)]))) == 2


def test_a_clause_that_faintly_sounds_of_the_policy_is_support() -> None:
    """ "do repairs." by itself sounds a little like the escalation; in a message that surely is about pipelines it asks nothing.
    Where the clause is sure, or the message shows a trace of it, both count.
    """
    pipeline = ("I'd need a second pipeline", "ask_customization", 0.6)
    for sure, trace, count in ((0.2, 0.0, 1), (0.9, 0.0, 2), (0.2, 0.1, 2)):
        message = turn(
            ("do repairs.", "policy_escalation", sure),
            pipeline,
            whole=[("ask_customization", 0.89), ("policy_escalation", trace)],
        )
        assert len(texts(message)) == count


def test_a_follow_up_clause_remembers_the_one_before() -> None:
    """ "And who can see it?" is asked about the clause before it."""
    message = turn(("How do I add a field?", "ask_customization", 0.9), ("And who can see it?", "follow_up", 0.9))
    assert [part.memory.get("last_question") for part in asked(message)] == [None, "How do I add a field?"]


def test_each_clause_has_its_own_applications() -> None:
    """An application that one clause names is not the other clause's."""
    message = turn(
        ("Does Slack work?", "ask_integration", 0.9),
        ("Does Jira work?", "ask_integration", 0.9),
        applications=[Application("Slack", True, 5), Application("Jira", False, 22)],
    )
    assert [[a.name for a in part.applications] for part in asked(message)] == [["Slack"], ["Jira"]]


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("Please get me a human.", "now"),
        ("If that fails, get me a human.", "perhaps"),
        ("Otherwise I want to talk to someone.", "perhaps"),
    ],
)
def test_a_wish_on_a_condition_is_an_offer(text: str, wished: str) -> None:
    """A wish for a person counts at once, unless it hangs on a condition."""
    assert wish(turn(("How do I merge?", "ask_feature", 0.9), (text, "request_human", 0.9))) == wished


def test_no_wish_is_heard_where_none_is() -> None:
    """A message without a wish for a person has none, and an unsure one is none."""
    assert wish(turn(("How do I merge?", "ask_feature", 0.9), ("Somebody did it.", "request_human", 0.3))) is None


@pytest.mark.parametrize("text", ["when are you open", "Also, write us a script", "the opening hours, please", "and tell me why"])
def test_requests_are_known(text: str) -> None:
    """Questions without a question mark and orders are requests."""
    assert is_request(text)


@pytest.mark.parametrize("text", ["It fails since Monday.", "We are on Enterprise.", "my import stops"])
def test_statements_are_none(text: str) -> None:
    """What only tells how things are is no request."""
    assert not is_request(text)


def test_a_first_clause_that_points_within_itself_is_declined() -> None:
    """ "Can you fix that?" points at the story in the same clause; and a long later clause says enough by itself."""
    wifi = ("our office wifi keeps dropping all day, can you fix that?", "outside_network", 0.95)
    invite = ("how do I invite a new user", "ask_billing", 0.9)
    assert texts(turn(wifi, invite)) == [wifi[0], invite[0]]
    script = ("could you write me a script that pulls all our contacts every night?", "outside_custom_development", 0.95)
    assert texts(turn(invite, script)) == [invite[0], script[0]]


def test_a_short_vague_clause_belongs_to_the_one_before() -> None:
    """ "What's the path?" says nothing by itself, whatever it sounds a little like; it is part of what was told before it."""
    story = ("We are on 5 and would like to get to 7.", "ask_technical", 0.9)
    for unsure in (("nlu_fallback", 0.9), ("policy_escalation", 0.36)):
        assert texts(turn(story, ("What's the path?", *unsure))) == [f"{story[0]} What's the path?"]
    assert texts(turn(story, ("Your hours?", "policy_hours", 0.9))) == [story[0], "Your hours?"]


def test_a_clause_does_not_leave_the_policy_for_a_refusal() -> None:
    """Where the message as a whole surely asks about the policy, a clause that sounds idle is not declined beside it."""
    clauses = (("I'm in Perth, and you're... where?", "outside_off_topic", 0.9), ("When are you open?", "policy_hours", 0.9))
    assert texts(turn(*clauses, whole=[("policy_hours", 0.99)])) == ["When are you open?"]


@pytest.mark.parametrize(
    "text",
    [
        "actually how do I clear a filter",
        "okay. and where do I see the version",
        "and if I get stuck what email can I write to",
        "when it fails who do I call",
        "confirm the answer time.",
    ],
)
def test_requests_behind_other_words(text: str) -> None:
    """A request is seen behind fillers, behind a condition, and as an order to say something."""
    assert is_request(text)


@pytest.mark.parametrize(
    "text",
    [
        "Once I log in, the dashboard which used to load is blank",
        "If I open a deal, the page that shows who owns it is blank",
        "State field is missing on all contacts",
        "Confirm button does nothing",
    ],
)
def test_trouble_is_told_and_not_asked(text: str) -> None:
    """A condition with a relative clause, or a field's name, makes no question of a story."""
    assert not is_request(text)


def test_what_about_is_a_question_of_its_own() -> None:
    """ "And what about notes?" names a new subject and does not drown in the question before it."""
    message = turn(("Can I export contacts?", "ask_feature", 0.9), ("what about notes?", "follow_up", 0.9))
    assert texts(message) == ["Can I export contacts?", "what about notes?"]


def test_what_is_ours_behind_trouble_elsewhere_counts() -> None:
    """Where a matter of support is told after trouble elsewhere, the message is about that."""
    clauses = (("Our Zendesk macros broke.", "outside_third_party", 0.95), ("My invoice is wrong.", "ask_billing", 0.9))
    assert texts(turn(*clauses, whole=[("ask_billing", 0.5), ("outside_third_party", 0.3)])) == ["My invoice is wrong."]


def test_trouble_outside_that_is_told_is_declined() -> None:
    """Where nothing is asked, a clause that surely tells of trouble elsewhere is what the message is about, unless the whole of
    it surely is about us.
    """
    clauses = (
        ("We pay for Enterprise and were told that it covers all.", "ask_billing", 0.9),
        ("Zendesk macros have been broken since Monday.", "outside_third_party", 0.95),
    )
    unsure = [("ask_billing", 0.6), ("outside_third_party", 0.1)]
    assert texts(turn(*clauses, whole=unsure)) == [clauses[1][0]]
    assert texts(turn(*clauses, whole=[("ask_billing", 0.95)])) == [clauses[0][0]]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("can't it go any quicker, our card expires on Friday", "can't it go any quicker"),
        ("Has this changed, a colleague told me otherwise", "Has this changed"),
        ("how fast is it, and who answers?", "how fast is it, and who answers?"),
        ("our card expires on Friday, can it go quicker", "our card expires on Friday, can it go quicker"),
        ("who looks at it", "who looks at it"),
    ],
)
def test_a_question_may_stand_before_its_reason(text: str, first: str) -> None:
    """What is only told behind a question of a few words is left out; a second question, or one at the end, is not."""
    assert opening(turn((text, "ask_billing", 0.9))).text == first


@pytest.mark.parametrize(
    ("text", "given_up"),
    [
        ("it works now, you can close the ticket", True),
        ("please close my case", True),
        ("yep that was it. forget the agent", True),
        ("hmm no, scrap the whole thing", True),
        ("scrap the whole thing about stages, how do I rename one", False),
        ("we don't need a person", True),
        ("do we need a person with a licence?", False),
        ("we don't need a person field on deals, how can we hide it", False),
        ("how can I merge and close the ticket", False),
        ("how do I close the ticket?", False),
        ("close the ticket form", False),
        ("the button closes the ticket too early", False),
    ],
)
def test_sending_the_ticket_away(text: str, given_up: bool) -> None:
    """A ticket that may be closed is given up; a question about closing one, or trouble with it, is not."""
    assert gives_up(turn((text, "reopen_ticket", 0.6))) is given_up


def test_what_is_told_beside_the_policy_is_background() -> None:
    """ "Who is our representative? Nobody ever introduced themselves": where the whole shows no trace of support, the second
    clause asks nothing; where it does, it counts.
    """
    clauses = (("Who is our representative?", "policy_priority", 0.98), ("nobody introduced themselves", "ask_technical", 0.6))
    assert len(texts(turn(*clauses, whole=[("policy_priority", 0.98), ("ask_technical", 0.005)]))) == 1
    assert len(texts(turn(*clauses, whole=[("policy_priority", 0.6), ("ask_technical", 0.3)]))) == 2


@pytest.mark.parametrize(
    ("text", "openly"),
    [
        ("where do i change that", True),
        ("ok and how do I undo it", True),
        ("it's the time zone?", True),
        ("fix the import", False),
        ("can't save on the phone either", False),
        ("when I click save it hangs", False),
    ],
)
def test_a_question_is_put_openly(text: str, openly: bool) -> None:
    """By its mark or its first word; an order is none."""
    assert asks_openly(text) is openly


def test_a_clause_that_adds_nothing_belongs_to_what_is_declined() -> None:
    """ "We need a module coded. When can you start?" asks for the module; "where are my invoices?" is a question of its own."""
    coded = ("Please code a module for our team.", "outside_custom_development", 0.95)
    assert texts(turn(coded, ("When can you start?", "nlu_fallback", 0.6))) == [coded[0]]
    assert len(texts(turn(coded, ("Where do I find my invoices?", "ask_billing", 0.9)))) == 2


def test_what_can_i_do_beside_a_told_matter_is_not_about_the_bot() -> None:
    """Behind a told matter it asks what to do about that; alone it asks what the assistant can do."""
    told = (("my ticket has been waiting for a week.", "ticket_status", 0.9), ("what can I do?", "capabilities", 0.9))
    assert texts(turn(*told)) == []
    assert texts(turn(("hello there.", "greet", 0.9), told[1])) == ["what can I do?"]


@pytest.mark.parametrize(
    ("text", "intent", "gives"),
    [
        ("ah forget it, I'll ring the provider", "outside_network", True),
        ("never mind", "cancel", True),
        ("leave it open for now", "ticket_status", False),
        ("never mind the colour of it", "ask_feature", False),
        ("nvm, now the export is stuck as well", "ask_technical", False),
        ("forget it. how do I mute them", "ask_feature", False),
    ],
)
def test_dropping_a_matter_by_its_words(text: str, intent: str, gives: bool) -> None:
    """ "Forget it" and its like end a matter, unless they go on with it, tell another one, or ask for something."""
    assert gives_up(turn((text, intent, 0.9))) is gives


def test_which_version_they_have_is_no_matter_of_its_own() -> None:
    """ "We are still on PipeRocks 6. Until when ..." asks one thing; trouble told beside the version is a matter."""
    asks = ("Until when will you help us with it?", "policy_versions", 0.8)
    assert texts(turn(("We are still on PipeRocks 6.", "ask_technical", 0.98), asks)) == [asks[0]]
    told = ("PipeRocks 6.2 loses deals.", "ask_technical", 0.98)
    assert texts(turn(told, asks)) == [told[0], asks[0]]
    both = ("We are on 5 and would like to get to 7.", "ask_technical", 0.98)
    assert texts(turn(both, ("What's the path?", "nlu_fallback", 0.9))) == [f"{both[0]} What's the path?"]


def test_a_wish_that_the_message_shows_no_trace_of() -> None:
    """ "I need them to come to me" sounds like a wish for a person by itself; who surely names one, or is sure, has one."""
    story = ("The invoices go to his mailbox.", "ask_billing", 0.99)
    for clause, sure, found in (
        ("I need them to come to me.", 0.88, None),
        ("Can somebody check that.", 0.88, "now"),
        ("Our compliance people need a number.", 0.6, None),
        ("Ring me.", 0.99, "now"),
    ):
        assert wish(turn(story, (clause, "request_human", sure), whole=[("ask_billing", 0.99)])) == found


def test_praise_with_a_word_from_elsewhere_is_praise() -> None:
    """What a clause of thanks sounds like by itself ("cheers from a happy florist") asks for nothing."""
    praise = ("The new board saved my Monday.", "thank", 0.64)
    whole = [("thank", 0.66), ("outside_off_topic", 0.03)]
    assert texts(turn(praise, ("Cheers from a happy florist!", "outside_off_topic", 0.87), whole=whole)) == []
