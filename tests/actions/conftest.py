"""What the actions' tests share: the real policy, a small index, and a desk of their own on SQLite."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

import actions.composition
from actions.composition import Links, Services, install
from desk.conversations import ConversationLog
from desk.database import migrate, open_database
from desk.tickets import Tickets
from index.knowledge_base import KnowledgeBase
from policy.document import PolicyDocument, load_policy
from tests.actions.knowledge import build_knowledge
from tests.actions.talk import ADA, AT, Conversation, Said

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def policy() -> PolicyDocument:
    """The Support Policy as it ships."""
    return load_policy()


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """The small help centre, indexed once; no test changes it."""
    return build_knowledge(tmp_path_factory.mktemp("knowledge"))


@pytest.fixture(scope="session")
def empty_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without a row, to copy from: migrating takes longer than a test."""
    file = tmp_path_factory.mktemp("desk") / "support.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def domain() -> dict[str, object]:
    """``domain.yml`` as Rasa sends it along."""
    loaded: dict[str, object] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def executor() -> ActionExecutor:
    """The action server's executor with all actions registered."""
    made = ActionExecutor()
    made.register_package("actions")
    return made


@pytest.fixture
def built(policy: PolicyDocument, knowledge: KnowledgeBase, empty_desk: Path, tmp_path: Path) -> Iterator[Services]:
    """The installed services; the clock stands still on the Friday before the early May bank holiday."""
    file = tmp_path / "support.db"
    shutil.copy(empty_desk, file)
    database = open_database(f"sqlite:///{file}")
    services = Services(
        policy=policy,
        knowledge=knowledge,
        conversations=ConversationLog(database),
        tickets=Tickets(database),
        links=Links("/help", "/help?kind=video", "https://community.piperocks.com"),
        now=lambda: AT,
    )
    install(services)
    yield services
    actions.composition._installed.clear()
    database.close()


@pytest.fixture
def conversation(built: Services, executor: ActionExecutor, domain: dict[str, object]) -> Conversation:
    """A conversation of Ada's on the Professional plan in Scotland."""
    return Conversation(built, executor, domain, ADA)


@pytest.fixture
def say(conversation: Conversation) -> Callable[..., Said]:
    """``say(action, text, intent, ...)`` in that conversation."""
    return conversation.say
