"""The addresses of a company as the offer rule sees them for one employee in one project, a window at a time."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mailtui.core.addresses import ExternalAddress, Kind, address_key
from mailtui.core.offers import Offer, why_not
from mailtui.operations.offers import Choice
from mailtui.store.addresses import Owner, Whose
from mailtui.store.window import Window
from mailtui.tui.marks import Mark
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.rows import Cell, Column, Row

if TYPE_CHECKING:
    from mailtui.operations.context import Context

NOT = "not: "
"""Before the sentence of an address that is not offered."""

COMPANY = "company"

COLUMNS = (
    Column("", width=1),
    Column("Address", share=2),
    Column("Whose", width=8, shows_from=52),
    Column("Offered", share=3),
)


class OfferRows:
    """First what is offered, in the rule's order; then every other address with the sentence why it is not (+16).

    While a filter is set, what it finds stands in the order of the addresses. Only what is looked at is read: who may
    use one of a hundred thousand addresses costs what it costs among twenty.
    """

    def __init__(self, context: "Context", choice: Choice, *, only_others: bool = False) -> None:
        """`only_others` leaves the offered ones out, except where a filter finds them."""
        self._addresses = context.store.addresses
        own = context.employee.login
        # What each may see: a member the company's addresses and his own.
        self._parts: tuple[Whose, ...] = (Owner.ANY,) if context.actor.is_admin else (own, Owner.COMPANY)
        self._only_others = only_others
        self.look(choice)

    def look(self, choice: Choice) -> None:
        """Show this answer of the rule from now on."""
        self._choice = choice
        self._offers = {offer.address: offer for offer in choice.offered}
        self._first = () if self._only_others else choice.offered

    def count(self, matching: str) -> int:
        found = sum(self._addresses.count(matching, whose) for whose in self._parts)
        return found if matching else found - len(self._offers) + len(self._first)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        if matching:
            return [self._row(address) for address in self._filtered(offset, limit, matching)]
        rows = [self._offered(offer) for offer in self._first[offset : offset + limit]]
        skip = max(0, offset - len(self._first))
        for whose in self._parts:
            if len(rows) == limit:
                break
            others = self._addresses.count("", whose) - len(self._offered_of(whose))
            if skip < others:
                rows += [self._row(address) for address in self._others(whose, skip, limit - len(rows))]
            skip = max(0, skip - others)
        return rows

    def _filtered(self, offset: int, limit: int, matching: str) -> Iterator[ExternalAddress]:
        for whose in self._parts:
            found = self._addresses.rows(Window(offset=offset, limit=limit, matching=matching), whose)
            yield from found
            limit -= len(found)
            offset = max(0, offset - self._addresses.count(matching, whose))

    def _others(self, whose: Whose, skip: int, limit: int) -> list[ExternalAddress]:
        """At most `limit` addresses that are not offered, after the first `skip` such.

        The store cannot leave the offered ones out, but in the order of the addresses their places are known: before
        an address stand as many others as it has addresses before it, less the offered ones among them.
        """
        offered = self._offered_of(whose)
        read = self._addresses.rows(Window(offset=skip, limit=limit + len(offered)), whose)
        found = []
        for place, address in enumerate(read, start=skip):
            key = address_key(address.address)
            before = bisect_left(offered, key)
            if place - before >= skip and offered[before : before + 1] != [key]:
                found.append(address)
        return found[:limit]

    def _offered_of(self, whose: Whose) -> list[str]:
        """The keys of those addresses of `whose` that are offered, in order."""
        kind = Kind.COMPANY if whose is Owner.COMPANY else Kind.EMPLOYEE
        offers = (offer for offer in self._offers.values() if whose is Owner.ANY or offer.kind is kind)
        return sorted(address_key(offer.address) for offer in offers)

    def _row(self, address: ExternalAddress) -> Row:
        """An address that is not offered, and one that is where a filter found it."""
        if (offer := self._offers.get(address.address)) is not None:
            return self._offered(offer)
        refusal = why_not(self._choice.employee, self._choice.project, address)
        mark = Cell(str(Mark.OFF), Tone.MUTED)
        why = f"{NOT}{refusal.why}" if refusal else "offered since this was looked up"
        return Row(
            address.address, (mark, Cell(address.address, Tone.MUTED), Cell(address.owner or COMPANY, Tone.MUTED), why)
        )

    def _offered(self, offer: Offer) -> Row:
        mark = Cell(str(Mark.READY), Tone.GOOD)
        whose = self._choice.employee.login if offer.kind is Kind.EMPLOYEE else COMPANY
        return Row(offer.address, (mark, offer.address, whose, offer_in_words(offer)))


def offer_in_words(offer: Offer) -> str:
    """Why it stands where it stands (P12, P13)."""
    place = "bound to this project" if offer.bound else "bound to no project"
    return f"first choice, {place}" if offer.default else place
