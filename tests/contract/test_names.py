import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.contract.fields import check_name
from backups.contract.violations import Violation

# The independent reading: contract.md as two regular expressions.
ASCII_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{3,63}\Z")
CHINESE_NAME = re.compile(r"[A-Za-z一-鿿][A-Za-z0-9_一-鿿-]{3,63}\Z")

NEAR_NAMES = st.one_of(
    st.text(max_size=70),
    st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,70}", fullmatch=True),
    st.text(alphabet="abcXYZ019-_ .é中٣ａ\n\x00", min_size=2, max_size=66),
    st.text(alphabet="a-_9中文", min_size=3, max_size=66),
)


def violation_of(name, **options):
    try:
        check_name(name, **options)
    except Violation as violation:
        return violation
    return None


@given(NEAR_NAMES)
def test_names_are_judged_as_the_contract_reads(name):
    assert (violation_of(name) is None) == (ASCII_NAME.match(name) is not None)


@given(NEAR_NAMES)
def test_with_chinese_allowed_bytes_count_too(name):
    expected = CHINESE_NAME.match(name) is not None and len(name.encode("utf-8", "replace")) <= 64
    assert (violation_of(name, allow_chinese=True) is None) == expected


@given(NEAR_NAMES)
def test_every_refusal_names_field_rule_and_code_in_a_sentence(name):
    violation = violation_of(name)
    if violation is not None:
        assert violation.field == "name"
        assert violation.rule in {"length", "start", "characters"}
        assert violation.code == "DBS.201210"
        assert str(violation) == violation.template % violation.params


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("abc", "has 3"),
        ("a" * 65, "has 65"),
        ("", "has 0"),
        ("1abc", "“1”"),
        ("-abc", "“-”"),
        ("ab c", "character 3 is “ ” (U+0020)"),
        ("abc\n", "character 4 is U+000A"),
        ("abcé", "character 4 is “é” (U+00E9)"),
        ("abc\u200b", "character 4 is U+200B"),
        ("abc١", "character 4"),
    ],
)
def test_a_refusal_tells_the_length_or_the_character_that_offends(name, words):
    assert words in str(violation_of(name))


def test_a_long_chinese_name_is_told_its_bytes():
    violation = violation_of("备份" * 11, allow_chinese=True)
    assert violation.rule == "bytes"
    assert "66" in str(violation)


@pytest.mark.parametrize("value", [None, 7, b"backup-1", ["backup-1"]])
def test_what_is_no_text_is_refused_as_such(value):
    assert violation_of(value).rule == "text"
