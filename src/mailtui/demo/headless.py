"""The demo without screens: its servers and its company, for other programs to work with."""

import json
import sys
from typing import Final

from pydantic import JsonValue

from mailtui.demo.company import PROVIDER, DemoFiles, open_company, sample_servers
from mailtui.demo.domains import SampleServers
from mailtui.demo.ending import Ending
from mailtui.demo.history import live_through
from mailtui.demo.plans import OAUTH
from mailtui.demo.provider import CLIENT
from mailtui.demo.servers import RunningServer

HOW_TO_USE: Final = """\
The demo runs until it is ended (ctrl+c). Elsewhere:
  export MAILTUI_IDENTITY_FILE={kept.identity} MAILTUI_CONFIG={kept.configuration}
  mailtui --db {kept.database} address list
"""


async def run_headless(kept: DemoFiles, ending: Ending) -> int:
    """Print the document once everything is there, then serve until a signal comes. Ending it is no failure."""
    async with sample_servers(kept) as servers:
        context = open_company(servers, kept)
        try:
            await live_through(context, servers, kept)
        finally:
            context.store.close()
        sys.stderr.write(HOW_TO_USE.format(kept=kept))
        sys.stdout.write(json.dumps(document(servers, kept), indent=2) + "\n")
        sys.stdout.flush()
        await ending.wait()
    return 0


def document(servers: SampleServers, kept: DemoFiles) -> dict[str, JsonValue]:
    """Where everything is, as the command line's contract has it."""
    return {
        "db": str(kept.database),
        "identity_file": str(kept.identity),
        "config_file": str(kept.configuration),
        "servers": [_described(server, kept) for server in servers if server.plan.name != OAUTH.name],
        "provider": {
            "id": PROVIDER,
            "issuer": servers.provider.issuer,
            "client_id": CLIENT,
            "host": servers[OAUTH.name].host,
            "port": servers[OAUTH.name].port,
            "security": servers[OAUTH.name].plan.security.value,
            "ca_file": str(servers[OAUTH.name].ca_file),
        },
    }


def _described(server: RunningServer, kept: DemoFiles) -> dict[str, JsonValue]:
    plan = server.plan
    return {
        "name": plan.name,
        "host": server.host,
        "port": server.port,
        "security": plan.security.value,
        "fails_at": plan.fails_at.value if plan.fails_at else None,
        "username": server.username,
        "secret_file": str(kept.secret(plan.name)),
        "ca_file": str(server.ca_file),
    }
