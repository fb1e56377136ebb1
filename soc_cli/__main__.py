"""`python -m soc_cli`, the same door as `soc`."""

from soc_cli.main import run

run()
