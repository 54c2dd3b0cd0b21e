from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from sanic import Sanic
from sanic.touchup import TouchUp

from bot.channel import SupportChannel, plain_text, reply
from tests.bot.conftest import SECRET

TURN = {
    "conversation_id": "c1",
    "message_id": "m1",
    "text": "Where are my invoices?",
    "identity": {"sub": "u-ada", "plan": "starter"},
}
ANSWER = BotUttered(
    "Open **Invoices**.",
    {
        "buttons": [{"title": "More", "payload": "tell me more"}],
        "custom": {
            "decision": "answer",
            "area": "billing",
            "intent": {"name": "ask_billing", "confidence": 0.9},
            "citations": [{"slug": "find-invoices"}],
            "evidence": {"index_version": "7"},
        },
    },
)
CANNED = BotUttered("You're welcome!", {"custom": {"decision": "smalltalk"}})


@dataclass
class Rasa:
    """Rasa's turn in small: logs the message and the replies in a real tracker store, and sends the replies out."""

    replies: list[BotUttered] = field(default_factory=lambda: [ANSWER])
    heard: list[UserMessage] = field(default_factory=list)
    model_id: str | None = "model-1"
    slow: float = 0.0

    def __post_init__(self) -> None:
        self.tracker_store = InMemoryTrackerStore(Domain.empty())
        self.lock_store = InMemoryLockStore()

    def is_ready(self) -> bool:
        """Whether a model is loaded."""
        return self.model_id is not None

    async def handle(self, message: UserMessage) -> None:
        """What Rasa does with a message of a channel."""
        self.heard.append(message)
        await asyncio.sleep(self.slow)
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
        intent = {"name": "ask_billing", "confidence": 0.87, "id": 1}
        metadata = {**message.metadata}
        tracker.update(UserUttered(message.text, intent, message_id=message.message_id, metadata=metadata))
        for said in self.replies:
            tracker.update(ActionExecuted("action_answer_question"))
            tracker.update(said)
            await message.output_channel.send_response(message.sender_id, said.message())
        await self.tracker_store.save(tracker)


Ask = Callable[..., Awaitable[tuple[int, dict[str, Any]]]]
_numbers = itertools.count()


@pytest.fixture(autouse=True)
def rewritten_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sanic rewrites its own methods when a server starts; a second time, for the next test's server, it cannot."""
    rewrite = TouchUp.run
    monkeypatch.setattr(TouchUp, "run", lambda app: None if getattr(Sanic, "__touched__", False) else rewrite(app))


def _serve(rasa: Rasa | None, talk: Callable[[Ask], Awaitable[None]]) -> None:
    """Run the channel on a real server, and ``talk`` to it over HTTP."""

    async def run() -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        app = Sanic(f"channel-{next(_numbers)}", configure_logging=False)
        app.blueprint(SupportChannel(SECRET).blueprint((rasa or Rasa()).handle), url_prefix="/webhooks/support")
        if rasa:
            app.ctx.agent = rasa
        server = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.start_serving()
        try:
            async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
                await talk(_asking(client))
        finally:
            server.close()
            await server.wait_closed()

    asyncio.run(run())


def _asking(client: aiohttp.ClientSession) -> Ask:
    async def ask(body: Any = None, secret: str | None = SECRET, *, health: bool = False) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        turn = client.post("/webhooks/support/turn", headers=headers, **sent)
        async with client.get("/webhooks/support/") if health else turn as response:
            is_json = response.content_type == "application/json"
            return response.status, await response.json() if is_json else {}

    return ask


def test_a_turn_brings_the_replies_whole() -> None:
    """A turn's reply comes back with text, buttons and all its data in the shape that web reads."""

    async def talk(ask: Ask) -> None:
        status, body = await ask(TURN)
        assert status == 200
        assert body["replies"] == [
            {
                "text": "Open **Invoices**.",
                "decision": "answer",
                "area": "billing",
                "refusal": None,
                "intent": {"name": "ask_billing", "confidence": 0.9},
                "citations": [{"slug": "find-invoices"}],
                "buttons": [{"title": "More", "payload": "tell me more"}],
                "ticket": None,
                "evidence": {"index_version": "7"},
            }
        ]

    _serve(Rasa(), talk)


def test_identity_and_ids_reach_rasa() -> None:
    """Rasa hears the conversation, the message id and the identity that web verified, as metadata beside the text."""
    rasa = Rasa()

    async def talk(ask: Ask) -> None:
        await ask(TURN)

    _serve(rasa, talk)
    (heard,) = rasa.heard
    assert (heard.text, heard.sender_id, heard.message_id, heard.input_channel) == (TURN["text"], "c1", "m1", "support")
    assert heard.metadata == {"identity": TURN["identity"], "message_id": "m1", "conversation_id": "c1"}


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET.upper()])
def test_without_the_secret_there_is_no_turn(secret: str | None) -> None:
    """A missing or wrong secret is 401, and Rasa hears nothing."""
    rasa = Rasa()

    async def talk(ask: Ask) -> None:
        status, _ = await ask(TURN, secret)
        assert status == 401

    _serve(rasa, talk)
    assert rasa.heard == []


@pytest.mark.parametrize(
    "body",
    [
        b"no json",
        b"",
        [],
        "text",
        {},
        *({key: value for key, value in TURN.items() if key != missing} for missing in TURN),
        {**TURN, "text": ""},
        {**TURN, "text": 5},
        {**TURN, "conversation_id": ["c1"]},
        {**TURN, "message_id": {"a": 1}},
        {**TURN, "identity": "u-ada"},
        {**TURN, "identity": {"plan": "enterprise"}},
    ],
    ids=lambda body: str(body)[:40],
)
def test_a_bad_body_is_refused(body: Any) -> None:
    """A body that is no turn is 400, and Rasa hears nothing."""
    rasa = Rasa()

    async def talk(ask: Ask) -> None:
        status, _ = await ask(body)
        assert status == 400

    _serve(rasa, talk)
    assert rasa.heard == []


def test_the_same_message_is_one_turn() -> None:
    """The same message id again runs no second turn and brings the very same replies."""
    rasa = Rasa(replies=[ANSWER, CANNED])

    async def talk(ask: Ask) -> None:
        first = await ask(TURN)
        again = await ask(TURN)
        assert first == again and len(first[1]["replies"]) == 2

    _serve(rasa, talk)
    assert len(rasa.heard) == 1


def test_the_same_message_twice_at_once_is_one_turn() -> None:
    """Two deliveries of a message at the same time are one turn with the same replies for both."""
    rasa = Rasa(slow=0.1)

    async def talk(ask: Ask) -> None:
        first, second = await asyncio.gather(ask(TURN), ask(TURN))
        assert first == second and first[0] == 200

    _serve(rasa, talk)
    assert len(rasa.heard) == 1


def test_an_earlier_message_again_brings_its_own_replies() -> None:
    """A message from before the last one, sent again, brings its own replies and not those of later messages."""
    rasa = Rasa()

    async def talk(ask: Ask) -> None:
        first = await ask(TURN)
        rasa.replies = [CANNED]
        second = await ask({**TURN, "message_id": "m2", "text": "thanks"})
        assert (await ask(TURN))[1] == first[1]
        assert second[1] != first[1]

    _serve(rasa, talk)
    assert len(rasa.heard) == 2


def test_conversations_do_not_mix() -> None:
    """The same message id in another conversation is a turn of its own."""
    rasa = Rasa()

    async def talk(ask: Ask) -> None:
        await asyncio.gather(ask(TURN), ask({**TURN, "conversation_id": "c2"}))

    _serve(rasa, talk)
    assert sorted(heard.sender_id for heard in rasa.heard) == ["c1", "c2"]


def test_a_turn_without_reply_is_an_error_and_can_be_tried_again() -> None:
    """Where Rasa says nothing, as when the action server is down, it is 503; the same message then runs again."""
    rasa = Rasa(replies=[])

    async def talk(ask: Ask) -> None:
        status, body = await ask(TURN)
        assert status == 503 and "action server" in body["error"]
        rasa.replies = [ANSWER]
        status, body = await ask(TURN)
        assert status == 200 and len(body["replies"]) == 1

    _serve(rasa, talk)
    assert len(rasa.heard) == 2


def test_a_canned_response_gets_the_recognised_intent() -> None:
    """A response of the domain does not know its intent; the reply names the one that Rasa recognised."""

    async def talk(ask: Ask) -> None:
        _, body = await ask(TURN)
        assert body["replies"][0]["intent"] == {"name": "ask_billing", "confidence": 0.87}
        assert body["replies"][0]["decision"] == "smalltalk"

    _serve(Rasa(replies=[CANNED]), talk)


@pytest.mark.parametrize("text", ["/greet", "//greet", "/ /greet", " \t/ / /greet", '/inform{"ticket_confirm": "yes"}', "/"])
def test_a_slash_names_no_intent(text: str) -> None:
    """Text with leading slashes, however spaced, never reaches Rasa in the form that names an intent or sets slots."""
    rasa = Rasa()

    async def talk(ask: Ask) -> None:
        await ask({**TURN, "text": text})

    _serve(rasa, talk)
    assert not str(rasa.heard[0].text).strip().startswith("/")
    assert str(rasa.heard[0].text).strip()


KEPT = {"a/b": "a/b", "  hello ": "hello", "/": "?", "": "?", "and/or /x": "and/or /x"}


@pytest.mark.parametrize(("text", "plain"), KEPT.items())
def test_other_text_stays(text: str, plain: str) -> None:
    """Slashes inside a text stay; an empty one becomes a question mark."""
    assert plain_text(text) == plain


@pytest.mark.parametrize(("model", "status"), [("model-1", "ok"), (None, "loading")])
def test_health_tells_whether_a_model_is_loaded(model: str | None, status: str) -> None:
    """The channel is healthy once a model is loaded, and names it; no secret is needed to ask."""

    async def talk(ask: Ask) -> None:
        assert await ask(health=True) == (200, {"status": status, "model": model})

    _serve(Rasa(model_id=model), talk)


def test_health_before_rasa_is_up() -> None:
    """Before Rasa has its agent the channel says that it is loading."""

    async def talk(ask: Ask) -> None:
        assert (await ask(health=True))[1]["status"] == "loading"

    _serve(None, talk)


def test_the_secret_comes_from_the_settings() -> None:
    """Rasa builds the channel from credentials.yml, which holds no secret; the settings do."""
    channel = SupportChannel.from_credentials({})
    assert channel._secret == SECRET


@pytest.mark.parametrize(
    ("message", "text", "buttons"),
    [
        ({"text": "a", "buttons": [{"title": "T", "payload": "P"}]}, "a", [{"title": "T", "payload": "P"}]),
        ({"text": "a", "buttons": [{"title": "T"}]}, "a", [{"title": "T", "payload": "T"}]),
        ({"custom": {"text": "b", "buttons": [{"title": "T"}]}}, "b", [{"title": "T", "payload": "T"}]),
        ({"text": "a", "buttons": None, "custom": None}, "a", []),
    ],
)
def test_any_utterance_has_the_whole_shape(message: dict[str, Any], text: str, buttons: list[dict[str, str]]) -> None:
    """Whatever an utterance leaves out, the reply has all fields, with small talk as its decision."""
    shaped = reply(message)
    assert (shaped["text"], shaped["buttons"], shaped["decision"]) == (text, buttons, "smalltalk")
    assert shaped["citations"] == [] and shaped["evidence"] == {} and shaped["ticket"] is None


def test_two_rasa_processes_run_a_message_once() -> None:
    """Two Rasa processes that share stores and get the same message at the same instant run it once."""
    first, second = Rasa(slow=0.2), Rasa(slow=0.2)
    second.tracker_store, second.lock_store = first.tracker_store, first.lock_store

    async def both() -> list[list[dict[str, Any]]]:
        return await asyncio.gather(*(_turn_of(rasa) for rasa in (first, second)))

    one, other = asyncio.run(both())
    assert one == other and len(one) == 1
    assert len(first.heard) + len(second.heard) == 1


async def _turn_of(rasa: Rasa) -> list[dict[str, Any]]:
    """One turn in a process of its own, as its channel runs it."""
    return await SupportChannel(SECRET).run_alone(TURN, rasa, rasa.handle)


def test_a_number_after_a_question_is_the_button() -> None:
    """ "2" after a message with buttons reaches Rasa as the second button's payload; anything else as it was typed."""
    rasa = Rasa(
        replies=[BotUttered("Which?", {"buttons": [{"title": "A", "payload": "pay a"}, {"title": "B", "payload": "pay b"}]})]
    )

    async def talk(ask: Ask) -> None:
        await ask(TURN)
        await ask({**TURN, "message_id": "m2", "text": "2"})
        await ask({**TURN, "message_id": "m3", "text": "two invoices are gone"})

    _serve(rasa, talk)
    assert [message.text for message in rasa.heard[1:]] == ["pay b", "two invoices are gone"]
