"""Reading the line in which several recipients are typed."""

import re
from typing import Final

from mailtui.core.addresses import parse_address
from mailtui.core.errors import BadInput

BETWEEN: Final = re.compile(r'[,;](?=(?:[^"]*"[^"]*")*[^"]*$)')
"""A comma or semicolon that does not stand within a quoted local part (RFC 5321 section 4.1.2)."""


def recipients(text: str) -> tuple[str, ...]:
    """The addresses, each once and as servers need them. Raises BadInput for the first that is none, or for none."""
    typed = [part.strip() for part in BETWEEN.split(text)]
    try:
        found = tuple(dict.fromkeys(parse_address(part) for part in typed if part))
    except BadInput as error:
        raise BadInput(str(error), field="to") from error
    if not found:
        raise BadInput("the recipient is missing: type an address under To", field="to")
    return found
