"""``python3 -m launch setup|prepare|run``: what `make` calls."""

from __future__ import annotations

import os
import sys

from launch.environments import MODERN, make_environments, tool
from launch.pipeline import load_settings, model_file, prepare, rasa_endpoints, rasa_environment
from launch.steps import ROOT, StepFailed, say
from settings import Settings, SettingsError


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
