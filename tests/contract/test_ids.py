import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.contract.fields import check_backup_id, check_instance_id, check_project_id
from backups.contract.violations import Violation

CLOUD_ID = re.compile(r"[0-9a-fA-F]{32}in[0-9]{2}")
NEAR_IDS = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"[0-9a-f]{32}(in|br|IN)[0-9]{2}", fullmatch=True),
    st.text(alphabet="0123456789abcdefgin-", min_size=35, max_size=37),
    st.uuids().map(str),
    st.uuids().map(lambda value: str(value).upper()),
    st.uuids().map(lambda value: value.hex),
    st.uuids().map(lambda value: f"{{{value}}}"),
)


def passes(check, value):
    try:
        check(value)
    except Violation:
        return False
    return True


def is_uuid_with_hyphens(text):
    """The independent reading: Python's own parser, which must give back the same text."""
    try:
        return str(uuid.UUID(text)) == text.lower() and text.isascii()
    except ValueError:
        return False


@given(NEAR_IDS)
def test_both_readings_of_uuid_format_pass_and_nothing_else(value):
    expected = CLOUD_ID.fullmatch(value) is not None or is_uuid_with_hyphens(value)
    assert passes(check_instance_id, value) == expected


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("d8e6ca5a624745bcb546a227aa3ae1cfin0", "has 35"),
        ("d8e6ca5a624745bcb546a227aa3ae1cfin0x", "character 36, “x”"),
        ("g8e6ca5a624745bcb546a227aa3ae1cfin01", "character 1, “g”"),
        ("2f4ddb93-b901-4b08-93d8-1d2e472f30fg", "character 36, “g”"),
        ("d8e6ca5a624745bcb546a227aa3ae1cfin٠١", "character 35"),
    ],
)
def test_a_wrong_instance_id_is_told_where_it_is_wrong(value, words):
    with pytest.raises(Violation, match=re.escape(words)) as refused:
        check_instance_id(value)
    assert refused.value.field == "instance_id"
    assert refused.value.code == "DBS.200001"


@given(
    st.one_of(
        st.text(max_size=34),
        st.from_regex(r"[0-9A-Za-z]{31,33}", fullmatch=True),
        st.text(alphabet="09azAZ-_é٣", min_size=32, max_size=32),
    )
)
def test_project_ids_are_32_letters_and_digits(value):
    expected = re.fullmatch(r"[0-9A-Za-z]{32}", value) is not None
    assert passes(check_project_id, value) == expected


@pytest.mark.parametrize(
    "value",
    ["2f4ddb93-b901-4b08-93d8-1d2e472f30fe", "a8e6ca5a624745bcb546a227aa3ae1cfbr07"],
)
def test_both_forms_of_a_backup_id_pass(value):
    assert passes(check_backup_id, value)


@pytest.mark.parametrize("value", ["", "a/b", "..", "a b", "é", "a" * 65, None, "a?b", "a%2fb"])
def test_a_backup_id_cannot_change_the_path(value):
    assert not passes(check_backup_id, value)
