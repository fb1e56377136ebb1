"""A person at a terminal: sees a screen, moves with the arrow keys, types what is asked for."""

import os
import sys
import time
from pathlib import Path

import pexpect
import pyte

ARROWS = {"down": "\x1b[B", "up": "\x1b[A"}
PATIENCE = 20.0
"""Seconds that a person waits for the screen to say what they expect."""


class Person:
    """Somebody who runs `soc` in a window of so many columns and lines."""

    def __init__(
        self, *arguments: str, folder: Path, lang: str = "ja", columns: int = 100, lines: int = 40
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        self.stream = pyte.ByteStream(self.screen)
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "soc_cli", "--lang", lang, *arguments],
            dimensions=(lines, columns),
            cwd=str(folder),
            env={**os.environ, "TERM": "xterm", "PYTHONPATH": str(Path(__file__).parent.parent)},
            timeout=PATIENCE,
        )
        self.all = b""

    def seen(self) -> str:
        """What stands on the screen now."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def _read(self, seconds: float) -> bool:
        try:
            data = self.child.read_nonblocking(65536, seconds)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            return False
        self.all += data
        # Where prompt_toolkit asks for the cursor's place, a terminal answers.
        if b"\x1b[6n" in data:
            self.child.send(f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R")
        self.stream.feed(data)
        return True

    def settle(self, seconds: float = 0.25) -> None:
        """Waits until nothing more is written."""
        while self._read(seconds):
            pass

    def sees(self, *words: str) -> str:
        """Waits until all of the words stand on the screen; gives the screen."""
        until = time.monotonic() + PATIENCE
        while not all(_found(word, self.seen()) for word in words):
            assert time.monotonic() < until, f"{words} never came:\n{self.seen()}"
            if not self._read(0.2) and not self.child.isalive():
                assert all(_found(word, self.seen()) for word in words), self.seen()
        return self.seen()

    def _sends(self, keys: str) -> None:
        """Sends keys, and waits for the screen to answer them and to come to rest."""
        before = self.seen(), self.screen.cursor.x, self.screen.cursor.y
        self.child.send(keys)
        until = time.monotonic() + 1
        while (self.seen(), self.screen.cursor.x, self.screen.cursor.y) == before:
            if not self._read(0.05) and (time.monotonic() > until or not self.child.isalive()):
                break
        self.settle(0.03)

    def _pointed(self) -> str:
        """The answer that is pointed at."""
        return next((line for line in self.seen().splitlines() if "»" in line), "")

    def choose(self, words: str) -> None:
        """Moves down to the answer with these words, and takes it."""
        self.sees("»")
        self.settle(0.1)
        for _step in range(60):
            if _found(words, self._pointed()):
                self._sends("\r")
                return
            self._sends(ARROWS["down"])
        raise AssertionError(f"no answer “{words}”:\n{self.seen()}")

    def types(self, text: str, asked: str) -> None:
        """Types an answer, once the screen asks for it."""
        self.sees(asked)
        self.settle(0.1)
        self._sends(text + "\r")

    def presses(self, keys: str) -> None:
        """Presses keys without Enter."""
        self._sends(keys)

    def ends(self) -> int:
        """Waits for the end; gives the exit code."""
        self.child.expect(pexpect.EOF)
        self.all += self.child.before or b""
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)


def _found(words: str, text: str) -> bool:
    """Whether the words stand there; a wide character takes two cells, of which pyte leaves one empty."""
    return words.replace(" ", "") in text.replace(" ", "")
