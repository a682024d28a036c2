"""A company file that is looked at before its import is done: what it would do, and then exactly that."""

from pathlib import Path

from mailtui.core.addresses import address_key
from mailtui.core.errors import BadInput, Conflict
from mailtui.core.frozen import Frozen
from mailtui.core.text import clean
from mailtui.operations.company_file import AddressEntry, CompanyFile
from mailtui.operations.company_text import located
from mailtui.operations.context import Context
from mailtui.operations.given_files import as_text, read_given
from mailtui.operations.import_company import Replanned, Report, import_company, read_company
from mailtui.operations.import_outcome import ImportOutcome


class Review(Frozen):
    """A file as it was read, and what its import does."""

    path: Path
    text: str
    company: CompanyFile
    prune: bool
    """What the file does not name is removed, of each kind that it has a list of."""
    awaits: frozenset[str] = frozenset()
    """Keys of the addresses whose secret was to come from standard input."""
    outcome: ImportOutcome

    @property
    def name(self) -> str:
        """As it was given, safe for a terminal."""
        return clean(str(self.path))


class Outdated(Conflict):
    """What was agreed to is not what would be done now; nothing was written."""

    def __init__(self, words: str, review: Review) -> None:
        super().__init__(words)
        self.review = review
        """What would be done now."""


def named_file(text: str) -> Path:
    """The file that somebody typed, from the current directory on; it may begin with `~`. Raises BadInput where it is
    none that can be read to its end."""
    if not text.strip():
        raise BadInput("name the file to import")
    try:
        path = Path(text.strip()).expanduser()
        if path.is_dir():
            raise BadInput(f"{clean(str(path))} is a directory: name a file in it")
        if path.exists() and not path.is_file():
            raise BadInput(f"{clean(str(path))} is no ordinary file: name one that can be read twice")
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: no such home; ValueError: a NUL in the path
        raise BadInput(f"{clean(text)} cannot be used: {clean(str(error))}") from error
    return path


def review_import(context: Context, path: Path, *, prune: bool, report: Report) -> Review:
    """Read the file and plan its import, changing nothing.

    What would come from standard input is left out: an address that has no secret then arrives without one. Raises
    NotFound and BadInput for the file, WrongEntries with the place of everything that is wrong in it, and what
    `import_company` raises.
    """
    context.require_admin("import")
    text, name = as_text(read_given(path), path), str(path)
    with located(text, name):
        company, awaits = _without_standard_input(read_company(context, text, name))
        outcome = import_company(context, company, dry_run=True, prune=prune, report=report)
    return Review(path=path, text=text, company=company, prune=prune, awaits=awaits, outcome=outcome)


def carry_out(context: Context, review: Review, report: Report) -> ImportOutcome:
    """Import the file as it was reviewed. Raises Outdated where the file or the company was changed since, with what
    would be done now, and what `review_import` raises."""
    context.require_admin("import")
    if as_text(read_given(review.path), review.path) != review.text:
        again = review_import(context, review.path, prune=review.prune, report=report)
        raise Outdated(
            f"{review.name} was changed since it was read: nothing was imported; this is its plan now", again
        )
    try:
        with located(review.text, str(review.path)):
            return import_company(context, review.company, prune=review.prune, agreed=review.outcome, report=report)
    except Replanned as error:
        again = review.model_copy(update={"outcome": error.outcome})
        words = "somebody else changed the company meanwhile: nothing was imported; this is the plan now"
        raise Outdated(words, again) from error


def _without_standard_input(company: CompanyFile) -> tuple[CompanyFile, frozenset[str]]:
    """Nobody hands over secrets here; an entry that names another source as well is left for the plan to refuse."""
    left = [entry for entry in company.addresses if _from_standard_input_alone(entry)]
    if not left:
        return company, frozenset()
    entries = tuple(
        entry.model_copy(update={"secret_stdin": False}) if _from_standard_input_alone(entry) else entry
        for entry in company.addresses
    )
    keys = frozenset(address_key(entry.address.strip()) for entry in left)
    return company.model_copy(update={"addresses": entries}), keys


def _from_standard_input_alone(entry: AddressEntry) -> bool:
    return entry.secret_stdin and not (entry.secret_file or entry.secret_env)
