"""The command line ``support``: gathers the commands of every room and turns their typed errors into advice."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import settings


def build_parser() -> argparse.ArgumentParser:
    """One parser with the subcommands of all rooms."""
    # Imported here, so that importing this module (a test does) loads no room.
    import desk.cli
    import index.cli
    import policy.cli
    import web.cli

    parser = argparse.ArgumentParser(prog="support", description="PipeRocks Support: promise, knowledge base, tickets.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for room in (policy.cli, desk.cli, web.cli):
        room.register(subparsers)
    index.cli.register(subparsers, desk.cli.audited)  # who did what to the index goes into the desk's audit log
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; exit code 0 done, 1 done with findings, 2 the input was refused."""
    arguments = build_parser().parse_args(argv)
    try:
        code = int(arguments.run(arguments, settings.load()))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # `support ... | head` has read enough; what is left in the buffer must not raise once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, LookupError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
