"""``python -m actions``: the action server, loopback only; the composition root of its process."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

import settings
from actions.composition import Links, Services, install, services
from desk.conversations import ConversationLog
from desk.database import open_database
from desk.tickets import Tickets
from index.encoders import open_encoder
from index.knowledge_base import KnowledgeBase
from policy.document import load_policy
from settings import Settings

REFRESH_SECONDS = 0.5  # how often a newly published index is looked for

logger = logging.getLogger("actions")


def build(current: Settings) -> Services:
    """Open everything the actions work with."""
    database = open_database(current.database_url)
    return Services(
        policy=load_policy(current.policy_file),
        knowledge=KnowledgeBase.open(current.index_dir, open_encoder(current.kb_encoder, current.model_dir)),
        conversations=ConversationLog(database),
        tickets=Tickets(database),
        links=Links(current.help_url, current.videos_url, current.community_url),
        now=current.now,
    )


def create() -> Sanic[Any, Any]:
    """The server's application with all actions registered."""
    executor = ActionExecutor()
    executor.register_package("actions")
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])
    app.config.ACCESS_LOG = False

    @app.get("/versions")
    async def versions(request: Request) -> HTTPResponse:
        built = services()
        return json({"index": built.knowledge.version, "policy": built.policy.version})

    @app.before_server_start
    async def watch_index(app: Sanic[Any, Any]) -> None:
        app.add_task(_refresh_forever())

    return app


async def _refresh_forever() -> None:
    """Pick up a published index without a restart; readers keep the old one until the new one is open."""
    said = ""
    while True:
        await asyncio.sleep(REFRESH_SECONDS)
        try:
            if await asyncio.to_thread(services().knowledge.refresh):
                logger.info("serving index version %s", services().knowledge.version)
            said = ""
        except Exception as error:
            # A half-copied or broken version must not end the watch: the old one serves on. It is tried again and again, but
            # said once.
            if str(error) != said:
                logger.exception("the newly published index cannot be opened; serving the old one")
            said = str(error)


def main() -> int:
    """Serve until SIGTERM or SIGINT."""
    try:
        current = settings.load()
        logging.basicConfig(level=current.log_level, format="%(asctime)s actions %(levelname)s %(message)s")
        install(build(current))
    except (ValueError, OSError, LookupError) as error:
        sys.stderr.write(f"actions cannot start: {error}\n")
        return 1
    create().run(host="127.0.0.1", port=current.actions_port, single_process=True, access_log=False, motd=False, debug=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
