"""A Postfix of its own, in a directory of its own, that relays everything to one port of this host."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAIN = """compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
command_directory = {commands}
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = bench.example
mydestination =
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{relay}
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_dns_support_level = disabled
alias_maps =
alias_database =
maillog_file = {directory}/log
maillog_file_prefixes = {directory}
"""

MASTER = """{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def usable() -> bool:
    """Installed, with its test client, and startable: it needs root."""
    return all(map(shutil.which, ("postfix", "postconf", "smtp-source"))) and os.geteuid() == 0


@contextmanager
def relaying_to(relay: int) -> Iterator[int]:
    """The port on which it accepts messages."""
    with tempfile.TemporaryDirectory(prefix="mailtui-bench-postfix-", dir="/var/tmp") as name:
        directory, port = Path(name), _free_port()
        for part in ("", "etc", "queue", "data"):
            (directory / part).mkdir(exist_ok=True)
            (directory / part).chmod(0o755)
        shutil.chown(directory / "data", "postfix")
        places = {"commands": _default("command_directory"), "daemons": _default("daemon_directory")}
        (directory / "etc" / "main.cf").write_text(MAIN.format(directory=directory, relay=relay, **places))
        (directory / "etc" / "master.cf").write_text(MASTER.format(port=port))
        _postfix(directory, "start")
        try:
            yield port
        finally:
            _postfix(directory, "stop")


def _postfix(directory: Path, command: str) -> None:
    called = ["postfix", "-c", str(directory / "etc"), command]
    subprocess.run(called, check=True, capture_output=True)  # noqa: S603 - the commands stand in this file


def _default(setting: str) -> str:
    asked = ["postconf", "-dh", setting]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - as above


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
