import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.contract.fields import check_description
from backups.contract.violations import Violation

FORBIDDEN = ">!<\"&'="
DESCRIPTIONS = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="ab ,.;()é中😀" + FORBIDDEN + "\n\r\t\x00\x7f\x85\u2028\u2029", max_size=260),
    st.text(alphabet="before the 4.2 release, (rehearsal) #7: é中😀", max_size=258),
)


def violation_of(description):
    try:
        check_description(description)
    except Violation as violation:
        return violation
    return None


def reads_as_legal(text):
    """The independent reading: by Unicode's categories and by what Python calls a line."""
    categories = {unicodedata.category(character) for character in text}
    return (
        len(text) <= 256
        and not set(text) & set(FORBIDDEN)
        and len(text.splitlines()) <= 1
        and text == "".join(text.splitlines())
        and not categories & {"Cc", "Cs", "Zl", "Zp"}
    )


@given(DESCRIPTIONS)
def test_descriptions_are_judged_as_the_contract_reads(description):
    assert (violation_of(description) is None) == reads_as_legal(description)


@pytest.mark.parametrize("character", FORBIDDEN)
def test_each_forbidden_character_is_named_with_its_place(character):
    violation = violation_of(f"ab{character}c")
    assert (violation.field, violation.rule, violation.code) == (
        "description",
        "characters",
        "DBS.280127",
    )
    assert f"character 3 is “{character}”" in str(violation)


@pytest.mark.parametrize("character", "\n\r\t\x00\x1b\x7f\x85\u2028\u2029\ud800")
def test_line_breaks_and_control_characters_are_shown_by_their_code_point(character):
    violation = violation_of(f"a{character}")
    assert violation.rule == "control"
    assert f"character 2 is U+{ord(character):04X}" in str(violation)


def test_length_is_counted_in_characters():
    assert violation_of("中" * 256) is None
    assert "has 257" in str(violation_of("a" * 257))


def test_an_empty_description_is_fine_and_none_is_not():
    assert violation_of("") is None
    assert violation_of(None).rule == "text"
