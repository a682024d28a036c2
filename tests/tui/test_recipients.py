"""The line in which several recipients are typed."""

from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.errors import BadInput
from mailtui.tui.screens.recipients import recipients

ADDRESSES = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?@[a-z]{1,8}\.example", fullmatch=True) | st.just(
    '"a,b;c"@d.example'
)


@given(
    addresses=st.lists(ADDRESSES, min_size=1, max_size=5, unique=True),
    between=st.sampled_from([",", ", ", ";", " ;  ", ",,"]),
)
def test_recipients_are_read_back_as_they_were_typed(addresses: list[str], between: str) -> None:
    assert recipients(between.join(addresses)) == tuple(addresses)


@given(text=st.text(max_size=40))
def test_whatever_is_typed_as_recipients_is_read_or_refused(text: str) -> None:
    try:
        assert recipients(text)
    except BadInput as error:
        assert error.field == "to"
