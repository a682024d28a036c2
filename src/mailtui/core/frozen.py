"""The base of all data: immutable, and strict about what it is given."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Data that cannot change once made; an unknown field is refused, without its value: it may be a secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
