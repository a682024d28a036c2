"""The base of all data: immutable, and strict about what it is given."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Data that cannot change once made; an unknown field is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
