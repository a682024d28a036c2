"""Where the person at the keyboard is: brought back at the start, kept at every page, and what he looked at last."""

from pathlib import Path
from typing import TYPE_CHECKING

from mailtui.tui.screens.settings import Settings

if TYPE_CHECKING:
    from mailtui.tui.app import MailtuiApp
    from mailtui.tui.place import Place


class Whereabouts:
    """Of one run of the screens. What it needs is imported once the company is open, after the first frame."""

    def __init__(self, app: "MailtuiApp", directory: Path | None, *, starts_at_top: bool) -> None:
        """`directory`: where places are kept; None for nowhere."""
        self._app = app
        self._directory = directory
        self._place: Place | None = None
        self.settled = starts_at_top
        """The person went somewhere, or was brought back: from now on his place is kept."""

    @property
    def place(self) -> "Place":
        """Where he was at the last start, and what he looked at since. Only once the company is open."""
        from mailtui.tui.place import Place, read_place

        if self._place is None:
            self._place = read_place(file) if (file := self._file) else Place()
        return self._place

    @property
    def _file(self) -> Path | None:
        context = self._app.opened
        if self._directory is None or context is None:
            return None
        from mailtui.tui.place import file_of

        return file_of(self._directory, context.store.path, context.employee.login)

    async def go_back_there(self) -> None:
        """As if one had walked there; a key that was quicker has its way."""
        if self._app.opened is not None and not self.settled and self.place.stops:
            from mailtui.tui.ways import go

            await go(self._app, self.place.stops)
        self.settled = True

    def keep(self) -> None:
        """Keep where he is: at every page that he comes to, and at the end."""
        if self._app.opened is None or not self.settled:
            return
        from mailtui.tui.place import write_place
        from mailtui.tui.ways import FOUND_BY_NAME, way_to

        stops = way_to(self._app.screen_stack)
        if stops and stops[-1].page in FOUND_BY_NAME:
            self.met(stops[-1].page, stops[-1].thing)
        self._place = self.place.model_copy(update={"stops": stops})
        if (file := self._file) is not None:
            write_place(file, self._place)

    def met(self, kind: str, key: str) -> None:
        """Note that a thing was looked at: it is among those that are found first."""
        from mailtui.tui.place import Thing

        self._place = self.place.met(Thing(kind=kind, key=key))

    async def go_to_thing(self, kind: str, key: str) -> None:
        """To its page, or to its row in the list. For a worker alone. Raises NotFound where it is gone."""
        from mailtui.tui.place import Thing
        from mailtui.tui.ways import go, way_to_thing

        self.settled = True
        await go(self._app, way_to_thing(Thing(kind=kind, key=key), self._app.context), narrow=True)
        self.met(kind, key)

    async def go_to_top(self) -> None:
        """To the settings. For a worker alone."""
        from mailtui.tui.ways import go_back

        await go_back(self._app, lambda page: isinstance(page, Settings))
