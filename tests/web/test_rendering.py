from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.markdown import split_sections
from web.rendering import allowed_link, article_html, message_html, plain_html

ALLOWED_ATTRIBUTES = {"href", "title", "rel", "target", "start", "id"}
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\evil.example)",
    "<a href='javascript:alert(1)'>x</a>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/track.gif)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "onmouseover=alert(1)")',
    "`<b onclick=x>`",
    "<iframe src=//evil.example></iframe>",
    "<style>*{}</style>",
    "<math><mtext></p><script>x</script>",
    "```\n</code></pre><script>x</script>\n```",
)


class Reader(HTMLParser):
    """Gathers what an HTML text would make a browser do."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "a":
            self.links.append(dict(attrs))


def read(html: str) -> Reader:
    """The reader after the text."""
    reader = Reader()
    reader.feed(html)
    return reader


def check(html: str) -> None:
    """Fails where the text holds anything but the allowed."""
    found = read(html)
    assert not found.tags & {
        "script",
        "style",
        "img",
        "iframe",
        "svg",
        "math",
        "form",
        "input",
        "object",
        "base",
        "meta",
    }
    assert found.attributes <= ALLOWED_ATTRIBUTES
    for link in found.links:
        assert allowed_link(link.get("href") or "#")
        assert "noopener" in (link.get("rel") or "")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_do_nothing(payload: str) -> None:
    """Known attacks come out as harmless text, as a message and as an article."""
    check(message_html(payload))
    check(article_html(payload))
    assert "<script" not in plain_html(payload) and "<img" not in plain_html(payload)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PAYLOADS), st.text(max_size=20)), max_size=6).map(" ".join))
def test_no_mixture_of_payloads_does_anything(text: str) -> None:
    """Whatever stands around an attack does not bring it to life."""
    check(message_html(text))
    check(article_html(text))
    assert not read(plain_html(text)).tags - {"p", "br"}


def test_links_open_in_a_tab_of_their_own() -> None:
    """A link of a message leads to http(s), mailto or this site, in a new tab without a way back."""
    html = message_html("[a](https://a.example) [b](/help/b#c) [d](mailto:help@piperocks.com)")
    assert html.count('target="_blank"') == html.count('rel="noopener noreferrer"') == 3
    assert 'href="/help/b#c"' in html


@pytest.mark.parametrize(
    "url",
    ["", "//a", "/\\a", "ftp://a", "javascript:x", " https://a", "https:", "https:///a", "help", "/a b"],
)
def test_links_that_may_not_be_followed(url: str) -> None:
    """Other schemes, protocol-relative and ill-formed addresses are no links."""
    assert not allowed_link(url)


def test_an_article_has_the_indexs_anchors() -> None:
    """Headings carry the anchors of the index, equal ones numbered, so that a citation finds its section."""
    html = article_html("## Map your columns\n\n## Map your columns\n\n### Use **bold** and `code`!\n")
    assert 'id="map-your-columns"' in html and 'id="map-your-columns-1"' in html
    assert 'id="use-bold-and-code"' in html


@pytest.mark.parametrize(
    "markdown",
    [
        "## One <b>two</b>\n\n## One two\n",
        "- ## In a list\n\n## In a list\n",
        "## <!-- note --> Map\n\n## Map\n",
        "Setext\n======\n\n## Setext\n",
        "## ![a picture](x.png) of it\n\n## of it\n",
    ],
)
def test_anchors_are_the_indexs_whatever_a_heading_holds(markdown: str) -> None:
    """Headings with HTML, pictures and comments, equal or nested ones: each section of the index is reached by its anchor."""
    html = article_html(markdown)
    for section in split_sections(markdown):
        assert not section.anchor or f'id="{section.anchor}"' in html


def test_a_customers_words_are_text() -> None:
    """A customer's Markdown and HTML stay as typed; lines and paragraphs are kept."""
    assert plain_html("**a** <b>\nc\n\nd") == "<p>**a** &lt;b&gt;<br>c</p><p>d</p>"


def test_tables_and_numbered_steps_are_shown() -> None:
    """Tables and lists of steps, with the number they begin at, survive."""
    html = message_html("3. Third\n4. Fourth\n\n| a | b |\n| --- | --- |\n| 1 | 2 |")
    assert '<ol start="3">' in html and "<td>2</td>" in html
