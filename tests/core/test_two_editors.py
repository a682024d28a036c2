"""What two editors of one thing have to decide about, field by field (decision 5)."""

from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.two_editors import Value, differences, in_words

FIELDS = st.fixed_dictionaries({
    "name": st.sampled_from(["a", "b", "c"]),
    "strict": st.booleans(),
    "projects": st.none() | st.frozensets(st.sampled_from("xyz"), max_size=3),
})  # fmt: skip


@given(FIELDS, FIELDS, FIELDS)
def test_only_what_they_changed_and_i_have_otherwise_is_decided_about(
    before: dict[str, Value], mine: dict[str, Value], theirs: dict[str, Value]
) -> None:
    found = {difference.field: difference for difference in differences(before, mine, theirs)}
    for field, opened in before.items():
        asked = theirs[field] != opened and theirs[field] != mine[field]
        assert (field in found) is asked
        if asked:
            assert found[field].touched is (mine[field] != opened)
    assert [one.touched for one in found.values()] == sorted((one.touched for one in found.values()), reverse=True)


def test_a_set_is_told_by_what_it_has_more_and_less() -> None:
    before = frozenset({"ana", "bob"})
    assert in_words(before, before) == "ana, bob"
    assert in_words(frozenset({"ana", "eve"}), before) == "+eve -bob"
    assert in_words(frozenset(), before) == "none"
    assert in_words(None, before) == "all"
    assert in_words(before, None) == "ana, bob"
    many = frozenset(f"p{number}" for number in range(9))
    assert in_words(many, many) == "9 of them"
    assert in_words(many, frozenset()) == "+p0 +p1 +p2 +p3 +p4 and 4 more"
