"""``python3 -m launch setup|prepare|run``: what `make` calls."""

from __future__ import annotations

import os
import socket
import sys

from launch.environments import MODERN, make_environments, tool
from launch.pipeline import load_settings, model_file, prepare, rasa_endpoints, rasa_environment
from launch.steps import ROOT, StepFailed, say
from settings import Settings, SettingsError


def require_free_ports(settings: Settings) -> None:
    """Say at once which port is taken, and by which setting it is moved, where a process would only fail again and again."""
    for name in ("rasa_port", "actions_port", "port"):
        address = (settings.host if name == "port" else "127.0.0.1", getattr(settings, name))
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError as error:
                advice = f"stop what runs there (another `make run`?) or set {name.upper()} to a free port"
                raise StepFailed(f"{address[0]}:{address[1]} cannot be used ({error.strerror}); {advice}") from error


def run(settings: Settings) -> None:
    """Replace this process by the process runner, so that signals reach it without a middleman."""
    env = {
        **rasa_environment(),
        "SUPPORT_ROOT": str(ROOT),
        "SUPPORT_MODEL": str(model_file(settings)),
        "SUPPORT_ENDPOINTS": str(rasa_endpoints(settings)),
        "RASA_PORT": str(settings.rasa_port),
        "ACTIONS_PORT": str(settings.actions_port),
        "DATA_DIR": str(settings.data_dir),
    }
    say(f"starting; open http://{settings.host}:{settings.port}/ (Ctrl-C stops)")
    supervisord = tool(MODERN, "supervisord")
    os.chdir(ROOT)
    os.execve(supervisord, [supervisord, "--nodaemon", "--configuration", str(ROOT / "launch" / "supervisord.conf")], env)


def main(arguments: list[str]) -> int:
    """Do one of the three and return the exit code."""
    if arguments not in (["setup"], ["prepare"], ["run"]):
        sys.stderr.write("usage: python3 -m launch setup|prepare|run\n")
        return 2
    try:
        settings = load_settings()
        if arguments == ["run"]:
            require_free_ports(settings)  # before the minutes that the rest may take
        make_environments()
        if arguments != ["setup"]:
            prepare(settings)
        if arguments == ["run"]:
            run(settings)
    except (StepFailed, SettingsError, OSError) as failure:
        sys.stderr.write(f"error: {failure}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
