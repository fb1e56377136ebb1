"""How long a process took: by the clock on the wall, or in processor time."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

Done = subprocess.CompletedProcess[bytes]


def run(
    words: Sequence[str], environment: Mapping[str, str], cpu: bool = False
) -> tuple[float, Done]:
    """Runs a process with nothing to read; gives its seconds, from before its start to after its end.

    With `cpu` those that it had a processor for (Unix): what counts on a machine that is busy.
    """
    if cpu:
        if sys.platform == "win32":
            raise OSError("Windows does not tell the processor time of a process that has ended")
        from resource import RUSAGE_CHILDREN, getrusage

        def now() -> float:
            spent = getrusage(RUSAGE_CHILDREN)
            return spent.ru_utime + spent.ru_stime
    else:
        now = time.perf_counter
    before = now()
    done = subprocess.run(
        words, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return now() - before, done
