"""The company's external addresses: those that several people write from (S2)."""

from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content

from mailtui.tui.addresses.list_page import AddressList

NOTHING: Final = Content.assemble(
    "Messages to people outside go out from addresses that you add here.\n",
    "Everyone you allow writes as the company, not as a person.\n\n",
    ("                  a", "$accent bold"),
    "   Add external e-mail address\n\n",
    "Should each person write from an address of their own instead?\n\n",
    ("                  E", "$accent bold"),
    "   Employee external e-mail addresses",
)


class CompanyAddresses(AddressList):
    """It points to the employees' addresses, since many who open the one need the other (S8)."""

    PATH = ("Account management", "E-mail", "Outgoing messages", "Company external e-mail addresses")
    PURPOSE = (
        "The addresses that the company writes from. Each has an account that was tested with its real server, and says"
        " who may use it and for which projects."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        # Not in the line of keys, which is full: the empty page, the help and the palette name it.
        Binding("E", "employees", "Employee addresses", show=False, id="addresses.employees",
                tooltip="The addresses of single employees"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(None, nothing=NOTHING)

    async def action_employees(self) -> None:
        await self.mailtui.open_page("mailtui.tui.screens.employee_addresses:EmployeeAddresses")
