"""Projects: adding, editing, archiving, restoring, removing."""

from mailtui.core.errors import NotAllowed, NotFound
from mailtui.core.names import parse_key, parse_name
from mailtui.core.projects import Project
from mailtui.operations.context import Context


def save_project(context: Context, project: Project) -> Project:
    """Add it (version 0) or change it. Raises BadInput with the field, Conflict where it was changed meanwhile."""
    context.require_admin("change projects")
    checked = checked_project(project)
    with context.store.transaction():
        before = context.store.projects.get(checked.key)
        return _save(context, "edit project" if checked.version else "add project", before, checked)


def checked_project(project: Project) -> Project:
    """As it is stored. Raises BadInput with the field."""
    return project.model_copy(
        update={"key": parse_key(project.key, "key"), "name": parse_name(project.name, required=True)}
    )


def archive_project(context: Context, key: str, *, archived: bool) -> Project:
    """Archive or restore it; its bindings stay. Raises NotFound."""
    context.require_admin("archive projects")
    with context.store.transaction():
        before = find_project(context, key)
        if before.archived is archived:
            return before
        after = before.model_copy(update={"archived": archived})
        return _save(context, "archive project" if archived else "restore project", before, after)


def remove_project(context: Context, key: str) -> Project:
    """Remove an archived project. Addresses bound to it alone belong nowhere then, and open to no other project.

    Raises NotFound; NotAllowed where it is still active.
    """
    context.require_admin("remove projects")
    with context.store.transaction():
        found = find_project(context, key)
        if not found.archived:
            raise NotAllowed(f"{found.name} is active: archive it first")
        context.store.projects.remove(key)
        context.record("remove project", f"project {key}", found, None)
    return found


def find_project(context: Context, key: str) -> Project:
    """Raises NotFound."""
    found = context.store.projects.get(key)
    if found is None:
        raise NotFound(f"there is no project {key!r}")
    return found


def _save(context: Context, action: str, before: Project | None, project: Project) -> Project:
    saved = context.store.projects.save(project)
    context.record(action, f"project {saved.key}", before, saved)
    return saved
