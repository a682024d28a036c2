"""`mailtui offers`: the offer rule seen from above."""

import json
from collections.abc import Iterator

import click

from mailtui.cli.caller import Caller
from mailtui.cli.named import ADDRESS, GROUP, LOGIN, PROJECT
from mailtui.cli.output import json_option, marked, print_table, say
from mailtui.core.matrix import Cell, Place
from mailtui.core.projects import Project
from mailtui.operations.matrix import OfferMatrix, Part, subject_of
from mailtui.operations.matrix_lines import access_in_words, in_a_word, matrix_csv, open_to, writers_csv
from mailtui.operations.who_writes import Sender, WhoWrites, Writer
from mailtui.tui.marks import Mark

csv_option = click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values.")


@click.group()
def offers() -> None:
    """What is offered to whom and where, over the whole company.

    \b
    Example: mailtui offers who --project brand-a
    """


@offers.command()
@click.option("--employee", default="", type=LOGIN, help="Yourself unless given.")
@click.option("--group", default="", type=GROUP, help="The members of this group.")
@click.option("--project", "projects", multiple=True, type=PROJECT, help="Only this one; repeat for more.")
@click.option("--match", "words", default="", metavar="WORDS", help="Only addresses with these words.")
@click.option("--all", "everything", is_flag=True, help="Every address, also what is offered nowhere.")
@csv_option
@json_option
@click.pass_obj
def matrix(
    caller: Caller,
    employee: str,
    group: str,
    projects: tuple[str, ...],
    words: str,
    everything: bool,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Show what is offered where.

    A line for each project and address: offered, the default, or why not.

    \b
    Example: mailtui offers matrix --employee ana --csv > ana.csv
    """
    if employee and group:
        raise click.UsageError("--employee and --group exclude each other: ask about one of them")
    context = caller.open_company()
    found = OfferMatrix(context, subject_of(context, employee=employee, group=group), everything=everything)
    part = Part(projects=projects, addresses_matching=words)
    if as_csv:
        _print_lines(matrix_csv(found, part))
    elif as_json:
        _print_lines(_matrix_document(found, found.rows(part)))
    else:
        print_table(
            ("Project", "Address", "Offered", "Why not"),
            (
                (marked(_mark(cell)), project.key, cell.address, in_a_word(cell), cell.why)
                for project, cells in found.rows(part)
                for cell in cells
            ),
            empty="There is nothing to offer: no project, or no address that is ready. --all lists every address.",
        )


@offers.command()
@click.option("--project", default="", type=PROJECT, help="Who could write in this project.")
@click.option("--address", default="", type=ADDRESS, help="Who could write as this address, and in which projects.")
@click.option("--employees", is_flag=True, help="Name every employee, of a project, too.")
@csv_option
@json_option
@click.pass_obj
def who(caller: Caller, project: str, address: str, employees: bool, as_csv: bool, as_json: bool) -> None:
    """Show who could write as a brand.

    Through which addresses, and by which access.

    \b
    Example: mailtui offers who --project brand-a --employees
    """
    if bool(project) == bool(address):
        raise click.UsageError("name one project or one address: --project KEY, or --address ADDRESS")
    answer = WhoWrites(caller.open_company(), project=project, address=address)
    if as_csv:
        _print_lines(writers_csv(answer))
    elif as_json:
        _print_lines(_who_document(answer))
    elif employees or address:
        if address:
            keys = [place.key for place in answer.places()]
            say(f"In {', '.join(keys) or 'no project'}:")
        print_table(
            ("Login", "Name", "Address", "Access"),
            (
                ("", writer.employee.login, writer.employee.name, sender, access_in_words(access))
                for writer in answer.every_writer()
                for sender, access in writer.through
            ),
            empty="Nobody could write.",
        )
    else:
        count = answer.count_writers()
        say(f"{count} {'employee' if count == 1 else 'employees'} could write; --employees names them.")
        print_table(
            ("Address", "Employees", "Open to", "Why nobody"),
            (_sender_line(sender) for sender in answer.senders(0, -1)),
            empty="No address is bound to it, and none that is bound nowhere is offered in it.",
        )


def _mark(cell: Cell) -> Mark:
    return Mark.OFF if cell.place is Place.REFUSED else Mark.READY


def _sender_line(sender: Sender) -> tuple[str, ...]:
    mark = Mark.READY if sender.employees else Mark.OFF
    why = sender.nobody.why if sender.nobody else ""
    return marked(mark), sender.address.address, str(sender.employees), open_to(sender), why


def _print_lines(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line, nl=False)


def _matrix_document(matrix: OfferMatrix, rows: Iterator[tuple[Project, tuple[Cell, ...]]]) -> Iterator[str]:
    """One JSON document, a line for each project."""
    group = matrix.subject.group
    kind, key = ("group", group.key) if group else ("employee", matrix.subject.employees[0].login)
    yield f'{{"{kind}": {json.dumps(key)}, "projects": ['
    yield from _joined(
        json.dumps({"project": project.key, "cells": [cell.model_dump(mode="json") for cell in cells]})
        for project, cells in rows
    )
    yield "]}\n"


def _who_document(answer: WhoWrites) -> Iterator[str]:
    """One JSON document, a line for each address and employee."""
    if answer.project is not None:
        yield f'{{"project": {json.dumps(answer.project.key)}, "addresses": ['
        yield from _joined(json.dumps(_sender_document(sender)) for sender in answer.senders(0, -1))
    else:
        assert answer.address is not None  # noqa: S101 - one of the two was asked about
        yield f'{{"address": {json.dumps(answer.address.address)}, "projects": ['
        yield from _joined(json.dumps(place.key) for place in answer.places())
    yield '], "employees": ['
    yield from _joined(json.dumps(_writer_document(writer)) for writer in answer.every_writer())
    yield "]}\n"


def _sender_document(sender: Sender) -> dict[str, object]:
    return {
        "address": sender.address.address,
        "employees": sender.employees,
        "rule": sender.nobody.rule if sender.nobody else None,
        "why": sender.nobody.why if sender.nobody else "",
    }


def _writer_document(writer: Writer) -> dict[str, object]:
    through = [
        {"address": address, "access": [one.model_dump(mode="json") for one in access]}
        for address, access in writer.through
    ]
    return {"login": writer.employee.login, "name": writer.employee.name, "through": through}


def _joined(documents: Iterator[str]) -> Iterator[str]:
    for number, document in enumerate(documents):
        yield f"{',' if number else ''}\n{document}"
