"""Fetching the file: over HTTPS that is verified, within bounds, and not into one's own network for a stranger."""

from pathlib import Path

import pytest
import trustme

from mailtui.lookup.web import MAX_OCTETS, NotFetched, Web
from tests.lookup.nets import NOTHING_THERE, Answers, https, internet, page, redirect

RECORDS = """\
autoconfig.brand.example. 60 IN A 127.0.0.1
www.brand.example. 60 IN A 127.0.0.1
other.example. 60 IN A 127.0.0.1
split.example. 60 IN A 192.0.2.1
split.example. 60 IN A 10.0.0.5
"""

FILE = page(b"<clientConfig/>")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Trusted as if it were one of the system's."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


async def fetched(authority: trustme.CA, answers: Answers, *, names: tuple[str, ...] = ("*.brand.example",)) -> bytes:
    """What comes of asking autoconfig.brand.example."""
    async with (
        https(authority, [*names, "other.example"], answers) as server,
        internet(RECORDS) as (_, outside),
    ):
        web = Web(outside.dns, server.port)
        return await web.fetch("autoconfig.brand.example", "/mail/config-v1.1.xml", domain="brand.example")


async def test_a_file_is_fetched(authority: trustme.CA) -> None:
    assert await fetched(authority, lambda *_: FILE) == b"<clientConfig/>"


async def test_a_certificate_for_another_name_is_not_believed(authority: trustme.CA) -> None:
    with pytest.raises(NotFetched, match="shows a certificate that is not valid"):
        await fetched(authority, lambda *_: FILE, names=("elsewhere.example",))


async def test_a_certificate_of_nobody_known_is_not_believed(authority: trustme.CA) -> None:
    with pytest.raises(NotFetched, match="shows a certificate that is not valid"):
        await fetched(trustme.CA(), lambda *_: FILE)


async def test_what_is_not_there_is_said_with_the_servers_number(authority: trustme.CA) -> None:
    with pytest.raises(NotFetched, match=r"autoconfig\.brand\.example answers 404"):
        await fetched(authority, lambda *_: NOTHING_THERE)


async def test_a_file_that_is_too_long_is_not_read_to_its_end(authority: trustme.CA) -> None:
    with pytest.raises(NotFetched, match="more than 64 KiB"):
        await fetched(authority, lambda *_: page(b"x" * (MAX_OCTETS + 1)))


async def test_what_is_no_http_is_refused(authority: trustme.CA) -> None:
    with pytest.raises(NotFetched, match="does not speak HTTP"):
        await fetched(authority, lambda *_: b"220 mail.brand.example ESMTP\x1b[2J\r\n\r\n")


async def test_a_redirect_within_the_domain_is_followed(authority: trustme.CA) -> None:
    def answers(host: str, target: str) -> bytes:
        there = (host, target) == ("www.brand.example", "/f?a=1")
        return FILE if there else redirect("https://www.brand.example:PORT/f?a=1")

    assert await fetched(authority, answers) == b"<clientConfig/>"


async def test_a_redirect_of_a_path_stays_with_the_host(authority: trustme.CA) -> None:
    found = await fetched(authority, lambda _, target: FILE if target == "/other.xml" else redirect("/other.xml"))
    assert found == b"<clientConfig/>"


async def test_redirects_without_end_have_one(authority: trustme.CA) -> None:
    with pytest.raises(NotFetched, match="redirects without end"):
        await fetched(authority, lambda *_: redirect("/again"))


@pytest.mark.parametrize(
    "location",
    [
        "http://www.brand.example/file",
        "https://www.brand.example:22/file",
        "ftp://www.brand.example/file",
        "file:///etc/passwd",
        "https://[::1/file",
        "https:///file",
        "",
        "https://www.brand.example:%70/",
        f"https://www.brand.example/{'x' * 3000}",
    ],
)
async def test_a_redirect_to_anything_but_https_is_not_followed(authority: trustme.CA, location: str) -> None:
    with pytest.raises(NotFetched, match=r"autoconfig\.brand\.example redirects"):
        await fetched(authority, lambda *_: redirect(location))


@pytest.mark.parametrize("host", ["other.example", "split.example", "127.0.0.1", "10.0.0.5", "[::1]", "169.254.1.1"])
async def test_a_redirect_out_of_the_domain_does_not_lead_into_ones_own_network(
    authority: trustme.CA, host: str
) -> None:
    with pytest.raises(NotFetched, match="which is not on the public Internet"):
        await fetched(authority, lambda *_: redirect(f"https://{host}:PORT/f"))


async def test_a_host_that_is_not_there_is_said() -> None:
    async with internet(RECORDS) as (_, outside):
        with pytest.raises(NotFetched, match=r"there is no host autoconfig\.nowhere\.example"):
            await Web(outside.dns).fetch("autoconfig.nowhere.example", "/x", domain="nowhere.example")


async def test_a_host_without_https_is_said() -> None:
    async with internet(RECORDS) as (names, outside):
        with pytest.raises(NotFetched, match=r"www\.brand\.example takes no HTTPS"):
            await Web(outside.dns, names.port).fetch("www.brand.example", "/x", domain="brand.example")
