"""A file is looked at before it is imported, and exactly what was seen is done (issue 6, section 2)."""

import os
from pathlib import Path

import pytest

from mailtui.core.addresses import AddressState
from mailtui.core.errors import BadInput, NotAllowed, NotFound
from mailtui.core.people import Role
from mailtui.operations.addresses import find_address
from mailtui.operations.context import Context
from mailtui.operations.identity import Actor
from mailtui.operations.import_company import Progress
from mailtui.operations.import_outcome import Counts, Planned
from mailtui.operations.plan_entries import fields_of, losses_of
from mailtui.operations.projects import save_project
from mailtui.operations.review_import import Outdated, Review, carry_out, named_file, review_import
from mailtui.operations.wrong_entries import Place, WrongEntries
from tests.company import a_company, a_project, an_employee, everything_in

FILE = """
[[projects]]
key = "brand-a"
name = "The new Brand A"

[[projects]]
key = "brand-c"
name = "Brand C"

[[addresses]]
address = "Sales@BRAND-C.example"
service = "fastmail"
projects = ["brand-c"]
"""


def nobody(progress: Progress) -> None:
    """Nobody watches."""


@pytest.fixture
def company(context: Context) -> Context:
    a_company(context)
    return context


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "company.toml"
    path.write_text(FILE)
    return path


def reviewed(context: Context, path: Path, *, prune: bool = False) -> Review:
    return review_import(context, path, prune=prune, report=nobody)


def entry(review: Review, name: str) -> Planned:
    return next(one for one in review.outcome.plan if one.name == name)


def test_a_review_changes_nothing_and_what_it_showed_is_done(company: Context, file: Path) -> None:
    before = everything_in(company.store)
    review = reviewed(company, file)
    assert everything_in(company.store) == before
    assert (review.outcome.added, review.outcome.changed) == (Counts(projects=1, addresses=1), Counts(projects=1))
    assert carry_out(company, review, nobody) == review.outcome
    assert find_address(company, "sales@brand-c.example").state is AddressState.UNTESTED
    assert reviewed(company, file).outcome.plan == ()


def test_a_company_that_was_changed_since_is_planned_anew_and_nothing_is_imported(company: Context, file: Path) -> None:
    review = reviewed(company, file)
    save_project(company, a_project("brand-c"))
    before = everything_in(company.store)
    with pytest.raises(Outdated, match="somebody else changed the company") as outdated:
        carry_out(company, review, nobody)
    assert everything_in(company.store) == before
    again = outdated.value.review
    assert entry(again, "brand-c").change == "changed"
    assert carry_out(company, again, nobody).changed == Counts(projects=2)


def test_a_change_that_the_plan_is_not_about_does_not_stop_it(company: Context, file: Path) -> None:
    review = reviewed(company, file)
    save_project(company, a_project("brand-z"))
    assert carry_out(company, review, nobody).added == Counts(projects=1, addresses=1)


def test_a_file_that_was_changed_since_is_read_again_and_nothing_is_imported(company: Context, file: Path) -> None:
    review = reviewed(company, file)
    file.write_text(FILE.replace("Brand C", "Another name"))
    before = everything_in(company.store)
    with pytest.raises(Outdated, match="was changed since it was read") as outdated:
        carry_out(company, review, nobody)
    assert everything_in(company.store) == before
    carry_out(company, outdated.value.review, nobody)
    assert company.store.projects.get("brand-c") == a_project("brand-c").model_copy(
        update={"name": "Another name", "version": 1}
    )


def test_a_secret_that_would_come_from_standard_input_is_left_for_the_form(company: Context, file: Path) -> None:
    file.write_text(FILE + "secret_stdin = true\n")
    review = reviewed(company, file)
    assert review.awaits == {"sales@brand-c.example"}
    assert entry(review, "Sales@brand-c.example").lacks == "password"
    carry_out(company, review, nobody)
    assert find_address(company, "sales@brand-c.example").secret_id == ""


def test_an_address_that_names_its_secret_lacks_nothing(company: Context, file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text("of fastmail")
    file.write_text(FILE + f'secret_file = "{secret}"\n')
    review = reviewed(company, file)
    assert entry(review, "Sales@brand-c.example").lacks == ""
    carry_out(company, review, nobody)
    secret_id = find_address(company, "sales@brand-c.example").secret_id
    assert company.secrets.get(secret_id).get_secret_value() == "of fastmail"


def test_two_sources_of_one_secret_are_refused_here_too(company: Context, file: Path) -> None:
    file.write_text(FILE + 'secret_stdin = true\nsecret_env = "SECRET"\n')
    with pytest.raises(WrongEntries, match="more than one secret"):
        reviewed(company, file)


def test_everything_that_is_wrong_has_its_place(company: Context, file: Path) -> None:
    file.write_text(FILE.replace("name =", "nmae =", 1).replace('["brand-c"]', '["brand-q"]'))
    with pytest.raises(WrongEntries) as wrong:
        reviewed(company, file)
    misspelt, unknown = wrong.value.problems
    assert (wrong.value.places[misspelt], wrong.value.places[unknown]) == (Place(4, 1), Place(13, 13))
    assert "did you mean 'name'?" in misspelt.words


def test_a_new_entry_is_shown_with_what_its_service_fills_in(company: Context, file: Path) -> None:
    review = reviewed(company, file)
    fields = {one.field: one.after for one in fields_of(company, review, entry(review, "Sales@brand-c.example"))}
    assert fields["host"] == "smtp.fastmail.com"
    assert (fields["address"], fields["projects"]) == ("Sales@brand-c.example", ["brand-c"])
    changed = fields_of(company, review, entry(review, "brand-a"))
    assert [(one.field, one.before, one.after) for one in changed] == [("name", "Brand-A", "The new Brand A")]


def test_what_goes_is_shown_as_it_is_with_what_goes_with_it(company: Context, file: Path) -> None:
    file.write_text('[[groups]]\nkey = "sales"\nname = "Sales"\n')
    review = reviewed(company, file, prune=True)
    gone = entry(review, "support")
    fields = {one.field: one.before for one in fields_of(company, review, gone)}
    assert (gone.change, fields) == ("removed", {"key": "support", "name": "Support"})
    assert losses_of(company, gone).members == ("Ana",)


def test_a_member_reviews_and_imports_nothing(company: Context, file: Path) -> None:
    review = reviewed(company, file)
    bob = an_employee("bob", role=Role.MEMBER)
    member = Context(company.store, Actor(employee=bob, login="bob"), company.configuration, company.clock)
    with pytest.raises(NotAllowed, match="only an admin may import"):
        reviewed(member, file)
    with pytest.raises(NotAllowed, match="only an admin may import"):
        carry_out(member, review, nobody)


def test_a_file_is_named_from_here_or_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert named_file(" ~/company.toml ") == tmp_path / "company.toml"
    assert named_file("company.toml") == Path("company.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [("  ", "name the file"), (".", "is a directory"), ("pipe", "no ordinary file"),
     ("~nobody-knows-him/x", "cannot be used")],
)  # fmt: skip
def test_what_is_no_file_to_read_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    with pytest.raises(BadInput, match=words):
        named_file(text)


@pytest.mark.parametrize("name", ["nowhere.toml", "a\0b"])
def test_a_file_that_cannot_be_read_is_said_to_be_so(company: Context, name: str) -> None:
    with pytest.raises(NotFound, match="cannot be read: "):
        reviewed(company, Path(name))
