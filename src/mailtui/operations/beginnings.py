"""Names of the company that begin with what was typed, as far as each may see them."""

from enum import StrEnum

from mailtui.operations.context import Context


class Noun(StrEnum):
    """What has names."""

    ADDRESS = "address"
    EMPLOYEE = "employee"
    GROUP = "group"
    PROJECT = "project"
    PROVIDER = "provider"


def names_beginning(context: Context, noun: Noun, typed: str) -> list[str]:
    """A hundred of them at most, in their order; for a member only the addresses of the company and his own."""
    found = context.store.beginnings
    match noun:
        case Noun.ADDRESS:
            return found.addresses(typed, owner=None if context.actor.is_admin else context.employee.login)
        case Noun.EMPLOYEE:
            return found.logins(typed)
        case Noun.GROUP:
            return found.groups(typed)
        case Noun.PROJECT:
            return found.projects(typed)
        case Noun.PROVIDER:
            return found.providers(typed)
