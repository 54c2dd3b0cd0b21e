"""``python -m benchmarks``: the speed of a turn (``make bench``)."""

from __future__ import annotations

import sys

from benchmarks.turns import main

if __name__ == "__main__":
    sys.exit(main())
