from __future__ import annotations

import pytest

import actions.composition
from actions.composition import Links, Services, services


def test_what_is_installed_is_used(built: Services) -> None:
    """The services that were installed are those that actions get."""
    assert services() is built


def test_forgotten_services_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that forgot to install services is told what to start."""
    monkeypatch.setattr(actions.composition, "_installed", [])
    with pytest.raises(RuntimeError, match="python -m actions"):
        services()


@pytest.mark.parametrize("help_url", ["/help", "/help/", "/help?kind=article"])
def test_addresses_of_articles(help_url: str) -> None:
    """An article's address is below the help centre's, whatever its address ends with."""
    links = Links(help_url, "/videos", "https://community.example")
    assert links.article("find-invoices") == "/help/find-invoices"
    assert links.article("find-invoices", "download") == "/help/find-invoices#download"
