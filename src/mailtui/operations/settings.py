"""The settings of the configuration file: read, set, and put back to their defaults.

The file is one person's or one host's and no part of the company: whoever may write it may set them, and the audit,
which is the company's, does not tell of them. Comments and the order of the file stay.
"""

import os
import tomllib
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, cast

from pydantic import JsonValue, ValidationError

from mailtui.core.errors import BadInput, CannotCreate, Misconfigured, NotFound
from mailtui.core.frozen import Frozen
from mailtui.core.text import clean
from mailtui.operations.configuration import (
    KEYS,
    Configuration,
    checked,
    in_words,
    known_settings,
    nearest,
    read_configuration,
)

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

OF_A_COMMAND: Final = "Keys of this command, separated by commas; empty for the usual ones."

ELSEWHERE: Final = 0o777
"""The bits of a file's mode that stay as they are: a configuration for a whole host is read by others, too."""


class Setting(Frozen):
    """A setting, and where its value comes from."""

    name: str
    """As the file nests it, joined by dots; `keys.` and a command's id for the keys of a command."""
    value: JsonValue
    default: JsonValue
    source: Literal["default", "file"]
    about: str
    choices: tuple[str, ...] = ()
    """All that it can be; empty where that is not a few words."""


def as_typed(value: JsonValue) -> str:
    """A value in the words in which `set_setting` takes it."""
    if isinstance(value, list):
        return ",".join(map(as_typed, value))
    return str(_plain(value))


def all_settings(path: Path) -> tuple[Setting, ...]:
    """Those that there are, and the keys of the commands that have others than usual. Raises Misconfigured."""
    text = read_configuration(path)
    configuration, written = checked(text, path), tomllib.loads(text)
    values = configuration.model_dump(mode="json")
    found = []
    for known in known_settings():
        section, _, inner = known.name.rpartition(".")
        holder, written_holder = (values[section], written.get(section, {})) if section else (values, written)
        source: Literal["default", "file"] = "file" if inner in written_holder else "default"
        found.append(
            Setting(
                name=known.name, value=_plain(holder[inner]), default=_plain(known.default), source=source,
                about=known.about, choices=known.choices,
            )
        )  # fmt: skip
    return (*found, *(_of_a_command(KEYS + id, keys) for id, keys in configuration.keys.items()))


def find_setting(path: Path, name: str) -> Setting:
    """Raises NotFound with the name that is most like it, Misconfigured."""
    _default(name)
    found = (setting for setting in all_settings(path) if setting.name == name)
    return next(found, _of_a_command(name, None))


def set_setting(path: Path, name: str, value: str) -> Setting:
    """Write `value`, as it is typed, into the file; the parts of a list are separated by commas.

    Raises NotFound for the name, BadInput for the value, Misconfigured where something else in the file is wrong,
    TryAgain and CannotCreate where it cannot be written; nothing is changed then.
    """
    is_list = isinstance(_default(name), list)
    parts: list[JsonValue] = [part.strip() for part in value.split(",") if part.strip()]

    def put(document: "TOMLDocument") -> None:
        import tomlkit

        section, inner = _split(name)
        if section and section not in document:
            document[section] = tomlkit.table()
        holder = _holder(document, section)
        holder[inner] = parts if is_list else value.strip()
        holder[inner] = _typed(document, name, path)

    _change(path, put)
    return find_setting(path, name)


def unset_setting(path: Path, name: str) -> Setting:
    """Take it out of the file, so that its default holds. Raises as `set_setting` does."""
    _default(name)

    def take(document: "TOMLDocument") -> None:
        section, inner = _split(name)
        if not section or section in document:
            holder = _holder(document, section)
            holder.pop(inner, None)
            if section and not holder and "#" not in getattr(document.item(section), "as_string", str)():
                del document[section]

    _change(path, take)
    return find_setting(path, name)


def _default(name: str) -> JsonValue:
    """Raises NotFound with the name that is most like it."""
    if name.startswith(KEYS) and name != KEYS:
        return ""
    for known in known_settings():
        if known.name == name:
            return known.default
    raise NotFound(f"there is no setting {clean(name)!r}{nearest(name)}")


def _of_a_command(name: str, keys: str | None) -> Setting:
    source: Literal["default", "file"] = "default" if keys is None else "file"
    return Setting(name=name, value=keys or "", default="", source=source, about=OF_A_COMMAND)


def _change(path: Path, change: "Callable[[TOMLDocument], None]") -> None:
    """Change the file in one step, with nobody else in between; a link to it stays one."""
    import tomlkit  # Keeps comments and order, and is needed for nothing else.
    from tomlkit.exceptions import TOMLKitError

    from mailtui.secrets.private_files import changing, write_whole

    file = Path(os.path.realpath(path))
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotCreate(f"{clean(str(file.parent))} cannot be made: {error.strerror}; name another file") from error
    with changing(file.parent):
        before = read_configuration(file)
        try:
            document = tomlkit.parse(before)
            change(document)
            after = document.as_string()
            kept = tomllib.loads(after) == document.unwrap()
        except (TOMLKitError, ValueError) as error:
            raise Misconfigured(f"the configuration {clean(str(path))} is not TOML: {clean(str(error))}") from error
        if not kept:
            raise Misconfigured(f"the configuration {clean(str(path))} cannot be changed from here: edit it by hand")
        checked(after, path)
        if after == before:
            return
        mode = file.stat().st_mode & ELSEWHERE if file.exists() else None
        write_whole(file, after.encode())
        if mode is not None:
            file.chmod(mode)


def _typed(document: "TOMLDocument", name: str, path: Path) -> JsonValue:
    """The value that stands at `name` as a word, in the form in which TOML has it."""
    section, inner = _split(name)
    try:
        values = Configuration(**document.unwrap()).model_dump(mode="json")
    except ValidationError as error:
        place = (section, inner) if section else (inner,)
        if error.errors(include_url=False, include_input=False)[0]["loc"][: len(place)] != place:
            raise Misconfigured(f"the configuration {clean(str(path))}: {in_words(error)}") from error
        raise BadInput(in_words(error), field=name) from error
    return _plain(values[section][inner] if section else values[inner])


def _split(name: str) -> tuple[str, str]:
    """The table that a setting stands in, empty for none, and its name there."""
    section, _, inner = name.partition(".")
    return (section, inner) if inner else ("", section)


def _holder(document: "TOMLDocument", section: str) -> MutableMapping[str, JsonValue]:
    return cast("MutableMapping[str, JsonValue]", document[section] if section else document)


def _plain(value: JsonValue) -> JsonValue:
    """Numbers as people write them: 10, not 10.0."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
