"""What a trained NLU model says of many texts, run by Rasa's own interpreter.

``.venv-rasa/bin/python -m bot.parse_lines MODEL.tar.gz < TEXTS.jsonl > PARSED.jsonl``: a line in is ``{"text"}``, a line
out ``{"text", "intent": {"name", "confidence"}, "ranking": [...], "signals": {...},
"segments": [...]}``, and nothing else is printed there. Nothing of the dialogue is loaded.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
import warnings


async def main() -> int:
    """Parse standard input line by line."""
    warnings.simplefilter("ignore")  # Rasa 3.6's libraries warn of their own age; figures are what is asked for here
    import structlog  # type: ignore[import-not-found, unused-ignore]
    from rasa.core.agent import Agent

    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m bot.parse_lines MODEL.tar.gz < TEXTS.jsonl\n")
        return 2
    # Rasa logs every message that it parses, to standard output if nobody says otherwise.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    lines = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        agent = Agent.load(model_path=sys.argv[1])
        for line in sys.stdin:
            text = json.loads(line)["text"]
            found = await agent.parse_message(text)
            kept = {
                "text": text,
                "intent": found.get("intent") or {},
                "ranking": found.get("intent_ranking") or [],
                "signals": found.get("signals") or {},
                "segments": found.get("segments") or [],
            }
            lines.write(json.dumps(kept, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
