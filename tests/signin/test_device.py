"""The device flow: asked at the provider's pace, until the person has answered."""

import pytest

from mailtui.demo.provider import OAuthProvider
from mailtui.signin.client import Client, opened
from mailtui.signin.device import DeviceCode, ask_for_code, wait_for_tokens
from mailtui.signin.refused import SignInRefused
from mailtui.signin.tokens import tokens_of
from tests.company import NOW
from tests.signin.person import POST, answer, registered


class Pauses:
    """Stands for the clock: counts the seconds, and lets the person answer after so many questions."""

    def __init__(self, code: DeviceCode, *, after: int, yes: bool = True) -> None:
        self.lengths: list[float] = []
        self._code, self._after, self._yes = code, after, yes

    async def __call__(self, seconds: float) -> None:
        self.lengths.append(seconds)
        if len(self.lengths) == self._after:
            await answer(self._code.url_with_code, yes=self._yes)


async def test_the_tokens_are_those_of_the_account_that_said_yes() -> None:
    async with OAuthProvider(interval=3) as provider, opened(registered(provider), None) as client:
        code = await ask_for_code(client)
        pauses = Pauses(code, after=3)
        tokens = tokens_of(await wait_for_tokens(client, code, pauses), NOW, client)
        assert pauses.lengths == [3, 3, 3]
        assert code.url == f"{provider.issuer}/device"
        assert provider.account(tokens.access_token.get_secret_value()) == POST


async def test_who_says_no_is_told_so() -> None:
    async with OAuthProvider() as provider, opened(registered(provider), None) as client:
        code = await ask_for_code(client)
        with pytest.raises(SignInRefused, match="somebody said no"):
            await wait_for_tokens(client, code, Pauses(code, after=1, yes=False))


async def test_a_code_that_nobody_types_runs_out() -> None:
    async with OAuthProvider(interval=5) as provider, opened(registered(provider), None) as client:
        code = (await ask_for_code(client)).model_copy(update={"seconds": 12.0})
        pauses = Pauses(code, after=99)
        with pytest.raises(SignInRefused, match="not typed in time"):
            await wait_for_tokens(client, code, pauses)
        assert len(pauses.lengths) == 3


class Reluctant(Client):
    """A provider that wants to be asked less often."""

    def __init__(self, client: Client, *said: Exception) -> None:
        super().__init__(client.provider, client.oauth)
        self._said = list(said)

    async def token(self, **parameters: str) -> dict[str, object]:
        if self._said:
            raise self._said.pop(0)
        return await super().token(**parameters)


async def test_a_provider_that_wants_fewer_questions_is_asked_less_often() -> None:
    async with OAuthProvider(interval=2) as provider, opened(registered(provider), None) as client:
        code = await ask_for_code(client)
        slow = SignInRefused("slow down", "slow_down")
        pauses = Pauses(code, after=3)
        await wait_for_tokens(Reluctant(client, slow, slow), code, pauses)
        assert pauses.lengths == [2, 7, 12]


async def test_the_code_is_in_no_text_of_its_model() -> None:
    async with OAuthProvider() as provider, opened(registered(provider), None) as client:
        code = await ask_for_code(client)
    assert code.device_code.get_secret_value() not in f"{code!r} {code} {code.model_dump_json()}"
