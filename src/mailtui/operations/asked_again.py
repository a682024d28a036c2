"""The offer rule, asked again before each attempt (S9)."""

from mailtui.core.addresses import ExternalAddress
from mailtui.core.deliveries import Delivery
from mailtui.core.offers import Refusal, why_not
from mailtui.operations.context import Context


class AskedAgain:
    """Answers for deliveries, each once for as long as nobody changed anything that the rule looks at.

    Whatever changes it leaves an audit row in the same transaction (+22), so the number of the newest one tells; asking
    for that costs a tenth of asking the rule.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._answers: dict[tuple[str, str, str], ExternalAddress | Refusal] = {}
        self._as_of = 0

    def about(self, delivery: Delivery) -> ExternalAddress | Refusal:
        """The address, as it is stored now, or why it is not offered."""
        if (newest := self._context.store.audit.newest_id()) != self._as_of:
            self._answers.clear()
            self._as_of = newest
        question = (delivery.by, delivery.project, delivery.sender)
        if question not in self._answers:
            self._answers[question] = ask(self._context, *question)
        return self._answers[question]


def ask(context: Context, by: str, project: str, sender: str) -> ExternalAddress | Refusal:
    """What the rule says at this moment of the one who sends, the project and the address: the address, or why not."""
    store = context.store
    # The stored employee before the context's: a long-running process would not notice that he left a group.
    who = store.employees.get(by) or (context.employee if by == context.employee.login else None)
    where, address = store.projects.get(project), store.addresses.get(sender)
    for thing, name in ((who, by), (where, project), (address, sender)):
        if thing is None:
            return Refusal(address=sender, rule=0, why=f"{name} is not there any more")
    assert who and where and address  # noqa: S101 - each was just looked at
    return why_not(who, where, address) or address
