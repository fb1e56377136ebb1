"""The door of the program, as `soc` and as `python -m soc_cli`."""


def run() -> None:
    """Runs one command and ends the process."""
    import gc
    import os
    import signal

    # Broken off before it has begun, it has nothing to say: only its exit code.
    signal.signal(signal.SIGINT, lambda *_signal: os._exit(130))
    # What a short command makes stays to its end: looking for garbage in it would find none.
    gc.set_threshold(50_000)
    from soc_cli.main import run

    run()


if __name__ == "__main__":
    run()
