"""``python -m web``: the composition root of the web process, the one place of it that reads the settings."""

from __future__ import annotations

import logging
from dataclasses import replace

import httpx

import settings
from desk.article_feedback import ArticleFeedback
from desk.audit import AuditLog
from desk.conversations import ConversationLog
from desk.database import Database, migrate, open_database
from desk.staff import StaffAccounts
from desk.tickets import Tickets
from desk.unanswered import Unanswered
from index.knowledge_base import KnowledgeBase
from policy.document import load_policy
from web.app import create_app
from web.health import HealthProbe
from web.identity import IdentityVerifier, load_keys
from web.library import Encoders, Library
from web.options import PRODUCTION_MESSAGES, Options
from web.parts import Parts
from web.rasa_client import RasaClient
from web.workshop import Places, Workshop


def options_of(given: settings.Settings) -> Options:
    """The web process's options for the settings."""
    development = Options(
        session_secret=given.session_secret,
        production=given.production,
        identity_secret="" if given.production else given.widget_identity_secret,
        videos_url=given.videos_url,
        community_url=given.community_url,
    )
    return replace(development, messages=PRODUCTION_MESSAGES) if given.production else development


def build_parts(given: settings.Settings, database: Database, http: httpx.AsyncClient) -> Parts:
    """All parts for the settings; ``database`` is migrated already and is closed with the parts."""
    log, audit = ConversationLog(database), AuditLog(database)
    encoders = Encoders(given.model_dir)
    library = Library(lambda: KnowledgeBase.open(given.index_dir, encoders.open(given.kb_encoder)))
    places = Places(given.content_dir, given.index_dir, given.model_dir, given.policy_file, given.kb_encoder)
    workshop = Workshop(places, encoders, library, audit.enter, given.now)
    rasa_url, actions_url = f"http://127.0.0.1:{given.rasa_port}", f"http://127.0.0.1:{given.actions_port}"
    keys = load_keys(given.widget_identity_jwks) if given.widget_identity_jwks else {}
    return Parts(
        options=options_of(given),
        verifier=IdentityVerifier(given.widget_identity_secret, keys),
        log=log,
        tickets=Tickets(database),
        staff=StaffAccounts(database),
        feedback=ArticleFeedback(database),
        audit=audit,
        library=library,
        unanswered=Unanswered(database),
        workshop=workshop,
        policy=load_policy(given.policy_file),
        rasa=RasaClient(http, rasa_url, given.channel_secret),
        health=HealthProbe(http, rasa_url, actions_url, database.ping),
        now=given.now,
        close=database.close,
    )


def main() -> None:
    """Serve until a signal comes; then finish what is under way within a few seconds."""
    given = settings.load()
    logging.basicConfig(level=given.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # httpx logs every call at INFO with its address: loopback noise here.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    migrate(given.database_url)
    http = httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=100, max_keepalive_connections=20))
    app = create_app(build_parts(given, open_database(given.database_url), http))
    app.run(host=given.host, port=given.port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
