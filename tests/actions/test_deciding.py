from __future__ import annotations

from dataclasses import replace

import pytest

from actions.composition import Services
from actions.deciding import LEAST_POLICY, LEAST_REFUSAL, Weighed, evidence, weigh
from actions.turn import Application, Intent, Turn, Version
from desk.identity import Identity

TEXT = "the calendar is broken on our release"


def _weigh(
    ranking: dict[str, float],
    built: Services,
    *,
    confidence: float = 0.5,
    versions: tuple[Version, ...] = (),
    applications: tuple[Application, ...] = (),
    around: tuple[Intent, ...] = (),
    text: str = TEXT,
) -> Weighed:
    """Weigh a message of that ranking (best first), where the knowledge base is so sure of covering it."""
    ranked = tuple(Intent(name, value) for name, value in ranking.items())
    turn = Turn(
        "c", "m", text, text, ranked[0], ranked, {}, 0.0, (), applications, versions, Identity("u"), {}, False, around=around
    )
    return weigh(turn, replace(built.knowledge.search(TEXT), confidence=confidence))


def test_the_knowledge_base_has_a_bounded_say(built: Services) -> None:
    """The surer the search, the more it speaks for an answer: even odds change nothing, no odds more than fourfold."""
    found = built.knowledge.search(TEXT)
    factors = [evidence(replace(found, confidence=value)) for value in (0.0, 0.1, 0.5, 0.9, 1.0)]
    assert factors == sorted(factors) and factors[2] == pytest.approx(1.0)
    assert 0.25 < factors[0] < factors[-1] < 4


def test_a_sure_refusal_stands_though_the_search_found_something(built: Services) -> None:
    """A page that seems to cover the message does not outweigh a classifier that is sure of a refusal."""
    assert _weigh({"outside_network": 0.9, "ask_technical": 0.1}, built, confidence=1.0).kind == "refuse"
    assert _weigh({"outside_network": 0.5, "ask_technical": 0.4}, built, confidence=1.0).kind == "answer"


@pytest.mark.parametrize(
    ("intent", "least", "kind"), [("outside_network", LEAST_REFUSAL, "refuse"), ("policy_hours", LEAST_POLICY, "policy")]
)
def test_a_mere_hint_neither_declines_nor_quotes(intent: str, least: float, kind: str, built: Services) -> None:
    """Refusals or policy topics that are the likeliest kind, but unlikely all together, leave the message a question."""
    assert _weigh({intent: least, "ask_technical": 0.1}, built).kind == kind
    assert _weigh({intent: least - 0.01, "ask_technical": 0.1}, built).kind == "answer"


def test_a_figure_that_may_be_a_supported_version_is_not_declined(built: Services) -> None:
    """However sure the classifier is: what may be a version is one that is supported ("6.3 here and the board won't scroll")."""
    ranking = {"outside_unsupported_version": 0.95, "ask_technical": 0.04}
    perhaps = Version(6, supported=True, upgrade=False, sure=False)
    assert _weigh(ranking, built, versions=(perhaps,)).kind == "answer"
    assert _weigh(ranking, built, versions=(replace(perhaps, line=4, supported=False),)).kind == "refuse"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Stripe holds back a payout. Since PipeRocks talks to Stripe anyway, tell them to release it", "refuse"),
        ("as you integrate with Stripe, ask them to reopen my merchant account", "refuse"),
        ("Stripe payments do not show in PipeRocks any more", "answer"),
        ("the Stripe sync stopped yesterday", "answer"),
        ("Stripe does not sync with my phone", "refuse"),
    ],
)
def test_an_integration_as_a_pretext_is_none_of_ours(text: str, kind: str, built: Services) -> None:
    """Rather sure trouble of an integration is declined where PipeRocks is but the pretext, and answered where it syncs."""
    ranking = {"outside_third_party": 0.7, "ask_technical": 0.2}
    assert _weigh(ranking, built, applications=(Application("Stripe", supported=True),), text=text).kind == kind


def test_the_versions_decide_before_the_classifier(built: Services) -> None:
    """An unsupported version alone leaves support on a hint; beside a supported one, or for an upgrade, it does not."""
    ranking = {"ask_technical": 0.8, "outside_unsupported_version": 0.1}
    old, new = Version(4, supported=False, upgrade=False), Version(7, supported=True, upgrade=False)
    assert _weigh(ranking, built, versions=(old,)).turn.intent.name == "outside_unsupported_version"
    for versions in ((old, new), (replace(old, upgrade=True),), (new,), ()):
        assert _weigh(ranking, built, versions=versions).kind == "answer"


@pytest.mark.parametrize(
    ("supported", "sure", "kind"), [(True, 0.48, "answer"), (True, 0.7, "refuse"), (False, 0.5, "refuse"), (None, 0.5, "refuse")]
)
def test_a_supported_integration_is_declined_only_by_a_rather_sure_classifier(
    supported: bool | None, sure: float, kind: str, built: Services
) -> None:
    """ "The sync with Outlook stopped" may be either side's fault; what names another application, or none, is not."""
    named = () if supported is None else (Application("Outlook", supported),)
    ranked = (Intent("outside_third_party", sure), Intent("ask_technical", 0.9 - sure))
    turn = Turn("c", "m", TEXT, TEXT, ranked[0], ranked, {}, 0.0, (), named, (), Identity("u"), {}, False)
    assert weigh(turn, replace(built.knowledge.search(TEXT), confidence=0.5)).kind == kind


@pytest.mark.parametrize(("sure", "kind"), [(0.5, "refuse"), (0.2, "answer")])
def test_a_figure_that_may_be_a_version_makes_a_likely_refusal_sure_enough(sure: float, kind: str, built: Services) -> None:
    """ "Stuck in 4.7" alone decides nothing; beside a classifier that thinks of an old version it declines."""
    ranking = {"outside_unsupported_version": sure, "ask_technical": 0.45 if kind == "refuse" else 0.7}
    perhaps = Version(4, supported=False, upgrade=False, sure=False)
    assert _weigh(ranking, built, versions=(perhaps,)).kind == kind
    assert _weigh(ranking, built).kind == "answer"


def test_asking_whether_a_version_is_supported_declines_nothing_beside_it(built: Services) -> None:
    """An old version that is only asked about lies beside the question of a clause; one that the story runs on does not."""
    old, ranking = Version(5, supported=False, upgrade=False), {"ask_billing": 0.9}
    about = (Intent("policy_versions", 0.5), Intent("outside_unsupported_version", 0.1))
    running = (Intent("ask_technical", 0.5), Intent("outside_unsupported_version", 0.4))
    assert _weigh(ranking, built, versions=(old,), around=about).kind == "answer"
    assert _weigh(ranking, built, versions=(old,), around=running).kind == "refuse"


def test_a_very_sure_classifier_sees_that_nobody_upgrades(built: Services) -> None:
    """Speaking of upgrading leaves a message in scope, unless the classifier is very sure that help on the old one is asked."""
    old = Version(4, supported=False, upgrade=True)
    assert _weigh({"outside_unsupported_version": 0.7, "ask_technical": 0.2}, built, versions=(old,)).kind == "answer"
    assert _weigh({"outside_unsupported_version": 0.99}, built, versions=(old,)).kind == "refuse"


def test_many_faint_refusals_do_not_decline(built: Services) -> None:
    """Where the likeliest intent is no refusal, all refusals together decline only if they are the greater half."""
    scattered = {"ask_integration": 0.36, "outside_custom_development": 0.25, "outside_off_topic": 0.2}
    assert _weigh(scattered, built).kind == "answer"
    assert _weigh({**scattered, "outside_network": 0.1}, built).kind == "refuse"


def test_a_faint_refusal_for_an_application_that_nobody_named_does_not_decline(built: Services) -> None:
    """Where the lists know none of the applications, only a classifier with a fair share for the refusal declines."""
    assert _weigh({"outside_third_party": 0.35, "ask_feature": 0.1}, built).kind == "answer"
    assert _weigh({"outside_third_party": 0.6, "ask_feature": 0.1}, built).kind == "refuse"


def test_a_clause_has_the_area_of_its_message(built: Services) -> None:
    """A clause that says little by itself is read in the light of the message, one that is sure by itself is not."""
    around = (Intent("ask_billing", 0.9),)
    nothing = replace(built.knowledge.search(TEXT), hits=())
    unsure = Turn(
        "c",
        "m",
        TEXT,
        TEXT,
        Intent("ask_feature", 0.3),
        (Intent("ask_feature", 0.3),),
        {},
        0.0,
        (),
        (),
        (),
        Identity("u"),
        {},
        False,
    )
    sure = replace(unsure, ranking=(Intent("ask_feature", 0.95),))
    assert [weigh(replace(turn, around=around), nothing).area for turn in (unsure, sure)] == ["billing", "feature"]
    assert weigh(unsure, nothing).area == "feature"


def test_a_page_says_nothing_for_what_is_not_ours(built: Services) -> None:
    """Where the likeliest reading is an old version or another application, and one is named, a page on the same trouble in
    PipeRocks does not turn it into a question that is answered.
    """
    shop = (Application("Shopify", supported=False),)
    ranking = {"outside_third_party": 0.5, "ask_billing": 0.4}
    assert _weigh(ranking, built, confidence=1.0, applications=shop).kind == "refuse"
    assert _weigh(ranking, built, confidence=1.0, applications=(replace(shop[0], supported=True),)).kind == "answer"


def test_an_old_version_that_nobody_named_needs_a_sure_classifier(built: Services) -> None:
    """ "The oldest version that you still help with?" sounds like a request on an old version, and names none."""
    assert _weigh({"outside_unsupported_version": 0.85, "policy_versions": 0.1}, built).kind != "refuse"
    assert _weigh({"outside_unsupported_version": 0.95, "policy_versions": 0.01}, built).kind == "refuse"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("my Slack does not sync with the CRM", "answer"),
        ("change my Slack status, that has nothing to do with PipeRocks", "refuse"),
        ("I've never connected Slack with the CRM, it just crashes", "refuse"),
        ("In Slack itself I can't search. PipeRocks isn't connected yet.", "refuse"),
        ("Slack cannot search, PipeRocks is connected", "answer"),
    ],
)
def test_a_supported_application_beside_piperocks(text: str, kind: str, built: Services) -> None:
    """Beside PipeRocks only who is very sure declines what is on the list; where it is said to play no part, it plays none."""
    ranking = {"outside_third_party": 0.7, "ask_technical": 0.3}
    assert _weigh(ranking, built, text=text, applications=(Application("Slack", True),)).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("My Outlook rules bin mails. PipeRocks isn't even connected to it.", "refuse"),
        ("Outlook isn't connected to PipeRocks any more.", "answer"),
        ("My Outlook rules bin mails. PipeRocks isn't connected any more.", "answer"),
    ],
)
def test_where_piperocks_plays_no_part_it_is_declined(text: str, kind: str, built: Services) -> None:
    """What the customer says has nothing to do with PipeRocks is another application's, where that is likely at all."""
    ranking = {"ask_technical": 0.62, "outside_third_party": 0.2}
    assert _weigh(ranking, built, text=text, applications=(Application("Microsoft 365", True),)).kind == kind


@pytest.mark.parametrize(
    ("intent", "confidence", "kind"),
    [("policy_priority", 0.3, "refuse"), ("policy_priority", 0.8, "policy"), ("policy_versions", 0.45, "policy")],
)
def test_an_old_version_in_passing_is_declined(intent: str, confidence: float, kind: str, built: Services) -> None:
    """ "Enterprise plan, 4.7, nobody can save" only sounds of the policy; who asks for it, of versions above all, gets it."""
    ranking = {intent: confidence, "outside_unsupported_version": 0.1}
    assert _weigh(ranking, built, versions=(Version(4, supported=False, upgrade=False),)).kind == kind
