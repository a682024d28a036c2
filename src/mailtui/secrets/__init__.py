"""Where passwords and tokens are kept: the system's keyring, or mailtui's own vault on hosts that have none.

Everything outside this package needs only these names. Neither keyring nor pyrage is imported before
`open_secrets` is called.
"""

from mailtui.secrets.choice import open_secrets
from mailtui.secrets.contract import Backend, Locked, Secrets

__all__ = ["Backend", "Locked", "Secrets", "open_secrets"]
