"""What no template and no style sheet may do (security.md, rows 8, 9 and 22)."""

import re

import pytest

from deploy.choices import REPOSITORY
from deploy.lint import tracked

TEMPLATES = tracked("templates/*.html")
TRUSTING = re.compile(r"\|\s*safe\b|\bautoescape off\b|\bmark_safe\b|\bsafeseq\b")
INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|\shx-on|js:|javascript:", re.IGNORECASE
)
ELSEWHERE = re.compile(r"(?:src|href|url\()\s*=?\s*[\"']?(?:https?:)?//", re.IGNORECASE)
EVENT_FILTER = re.compile(r"hx-trigger=\"[^\"]*?\b\w+\[(?!type=)")
BARE_WORDS = re.compile(r"(?<!kbd)>\s*[A-Z][a-z]+(?: [a-z]+)*\s*<")


def read(name: str) -> str:
    return (REPOSITORY / name).read_text()


@pytest.mark.parametrize(
    "forbidden",
    [TRUSTING, INLINE, ELSEWHERE, EVENT_FILTER],
    ids=["trusted text", "inline style or script", "other sites", "event filters"],
)
def test_no_template_needs_what_the_content_policy_forbids(forbidden):
    found = {name: match.group() for name in TEMPLATES if (match := forbidden.search(read(name)))}
    assert not found


def test_no_code_marks_text_as_safe():
    sources = tracked("dashboard/*.py", "backups/*.py")
    assert not [name for name in sources if re.search(r"mark_safe|SafeString\(", read(name))]


def test_no_style_or_script_comes_from_elsewhere():
    found = [
        name
        for name in tracked("static/*")
        if re.search(r"@import|url\(['\"]?(?:https?:)?//|https?://(?!www\.w3\.org)", read(name))
    ]
    assert not found


def test_htmx_evaluates_nothing_and_stays_at_home():
    settings = read("templates/base.html")
    for told in (
        '"allowEval": false',
        '"includeIndicatorStyles": false',
        '"allowScriptTags": false',
        '"selfRequestsOnly": true',
    ):
        assert told in settings


def test_every_word_for_a_reader_is_marked_for_translation():
    left = {
        name: words
        for name in TEMPLATES
        if (words := [w for w in BARE_WORDS.findall(read(name)) if "Safepoint" not in w])
    }
    assert not left
