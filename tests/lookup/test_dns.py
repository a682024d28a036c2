"""Name servers: what is read of their answers, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.addresses import Security
from mailtui.core.errors import NotFound, Unavailable
from mailtui.core.look_up import SrvRecord, ranked
from mailtui.demo.name_server import NameServer
from mailtui.lookup.dns import MOST_RECORDS, Dns


async def test_mx_hosts_come_with_the_preferred_one_first() -> None:
    records = "brand.example. 60 IN MX 20 second.brand.example.\nbrand.example. 60 IN MX 10 First.Brand.Example.\n"
    async with NameServer(records) as names:
        assert await Dns("127.0.0.1", names.port).mx("brand.example") == ["first.brand.example", "second.brand.example"]


async def test_a_domain_that_takes_no_mail_has_no_mx_host() -> None:
    async with NameServer("brand.example. 60 IN MX 0 .\n") as names:
        assert await Dns("127.0.0.1", names.port).mx("brand.example") == []


async def test_a_domain_that_does_not_exist_is_told_from_one_without_mail() -> None:
    async with NameServer("brand.example. 60 IN A 192.0.2.1\n") as names:
        asked = Dns("127.0.0.1", names.port)
        assert await asked.mx("brand.example") == []
        with pytest.raises(NotFound, match=r"no domain brnad\.example: look at its spelling"):
            await asked.mx("brnad.example")


async def test_both_services_of_submission_are_asked_for() -> None:
    records = (
        "_submissions._tcp.brand.example. 60 IN SRV 0 1 465 mail.brand.example.\n"
        "_submission._tcp.brand.example. 60 IN SRV 0 1 587 mail.brand.example.\n"
    )
    async with NameServer(records) as names:
        found = await Dns("127.0.0.1", names.port).srv("brand.example")
    assert {(one.security, one.port) for one in found} == {(Security.TLS, 465), (Security.STARTTLS, 587)}


@pytest.mark.parametrize(
    "record", ["0 0 0 .", "0 1 0 mail.brand.example.", "0 1 465 two\\032words.", "0 1 465 \\027[2J."]
)
async def test_a_target_that_is_no_host_is_left_out(record: str) -> None:
    async with NameServer(f"_submissions._tcp.brand.example. 60 IN SRV {record}\n") as names:
        assert await Dns("127.0.0.1", names.port).srv("brand.example") == []


async def test_only_so_many_records_are_looked_at() -> None:
    lines = [f"brand.example. 60 IN MX {number} mx{number}.brand.example.\n" for number in range(MOST_RECORDS + 5)]
    async with NameServer("".join(lines)) as names:
        assert len(await Dns("127.0.0.1", names.port).mx("brand.example")) == MOST_RECORDS


async def test_a_domain_at_its_longest_has_no_services_and_is_no_error() -> None:
    domain = ".".join(["x" * 63] * 3 + ["y" * 59])
    async with NameServer(f"{domain}. 60 IN A 192.0.2.1\n") as names:
        assert await Dns("127.0.0.1", names.port).srv(domain) == []


async def test_where_nobody_answers_it_says_so_and_what_to_do() -> None:
    async with NameServer("") as names:
        gone = names.port
    with pytest.raises(Unavailable, match="no network, or DNS is out of order; look again later, or enter the server"):
        await Dns("127.0.0.1", gone).mx("brand.example")


async def test_ipv4_comes_first() -> None:
    async with NameServer("a.example. 60 IN AAAA 2001:db8::1\na.example. 60 IN A 192.0.2.1\n") as names:
        assert await Dns("127.0.0.1", names.port).addresses("a.example") == ["192.0.2.1", "2001:db8::1"]


RECORDS = st.builds(
    SrvRecord,
    security=st.sampled_from([Security.TLS, Security.STARTTLS]),
    priority=st.integers(0, 3),
    weight=st.integers(0, 3),
    host=st.sampled_from(["a.example", "b.example"]),
    port=st.sampled_from([465, 587]),
)


@given(st.lists(RECORDS, min_size=1))
def test_encrypted_from_the_first_octet_comes_first_then_priority_then_weight(records: list[SrvRecord]) -> None:
    best = ranked(records)[0]
    for other in records:
        if best.security is Security.STARTTLS:
            assert other.security is Security.STARTTLS
        if other.security is best.security:
            assert (other.priority, -other.weight) >= (best.priority, -best.weight)
