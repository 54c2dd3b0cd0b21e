from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.conftest import Site
from tests.browser.test_widget import conversation_of, open_widget, say
from tests.web.world import PASSWORD

OUT = Path("/tmp/shots")
OUT.mkdir(exist_ok=True)


def test_shots(chromium: Browser, site: Site) -> None:
    for scheme in ("light", "dark"):
        for w, h in ((1280, 800), (390, 800)):
            with chromium.new_context(
                viewport={"width": w, "height": h}, locale="en-GB", color_scheme=scheme
            ) as c:
                p = c.new_page()
                p.goto(site.url)
                tag = f"{scheme}-{w}"
                p.screenshot(path=OUT / f"demo-{tag}.png")
                open_widget(p)
                p.wait_for_timeout(500)
                p.screenshot(path=OUT / f"hello-{tag}.png")
                say(p, "how do I import?")
                p.wait_for_selector(".cites")
                p.wait_for_timeout(300)
                p.screenshot(path=OUT / f"answer-{tag}.png")
                p.get_by_role("button", name="Talk to a person").click()
                p.get_by_role("button", name="Just me").click()
                p.wait_for_selector(".card")
                p.wait_for_timeout(300)
                cid = conversation_of(p)
                conv = site.parts.log.get(cid)
                from desk.tickets import TicketRequest
                from policy.clock import promise

                now = site.parts.now()
                t = site.parts.tickets.open(
                    TicketRequest(
                        conversation_id=cid,
                        identity=conv.identity,
                        summary="Import of contacts stops at row 12 with IMP-103",
                        impact="me",
                        contact="maya@northlight.example",
                        area="technical",
                        refusal=None,
                        promise=promise(
                            now, tz="Europe/Berlin", region="DE-BY", plan=None, policy=site.parts.policy
                        ),
                        at=now,
                    )
                )
                site.parts.tickets.reply(
                    t.number, "ana", "Thanks Maya. Could you save the file as **UTF-8** and try again?", now
                )
                p.wait_for_selector(".m.staff")
                p.wait_for_timeout(300)
                p.screenshot(path=OUT / f"ticket-{tag}.png")
                p.goto(site.url + "/help")
                p.screenshot(path=OUT / f"help-{tag}.png")
                p.goto(site.url + "/help/import-contacts-csv")
                p.screenshot(path=OUT / f"article-{tag}.png")
                p.goto(site.url + "/help/tour-of-deals")
                p.screenshot(path=OUT / f"video-{tag}.png")
                p.goto(site.url + "/help/search?q=import")
                p.screenshot(path=OUT / f"search-{tag}.png")
                if site.parts.staff.get("ana") is None:
                    site.parts.staff.add("ana", "agent", PASSWORD)
                p.goto(site.url + "/desk")
                p.screenshot(path=OUT / f"signin-{tag}.png")
                p.get_by_label("Name").fill("ana")
                p.get_by_label("Password").fill(PASSWORD)
                p.keyboard.press("Enter")
                p.wait_for_selector("h1:has-text('Tickets')")
                p.screenshot(path=OUT / f"desk-{tag}.png")
                p.get_by_role("link", name=t.number).click()
                p.wait_for_selector(".transcript")
                p.screenshot(path=OUT / f"deskticket-{tag}.png", full_page=True)
