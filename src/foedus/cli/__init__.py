"""The command line: ``foedus COMMAND CASE``.

Nothing is imported here before `main` runs, so that Ctrl-C is answered from the start.
"""

INTERRUPTED = 130
"""The exit code after Ctrl-C (128 + SIGINT)."""


def main() -> None:
    """Run the command line. This is the program ``foedus``."""
    try:
        import sys

        from foedus.cli.app import app as program
        from foedus.cli.values import composed_word

        words = [composed_word(word) for word in sys.argv[1:]]
        code = program(words, prog_name="foedus", standalone_mode=False) or 0
    except KeyboardInterrupt:
        code = INTERRUPTED
    _end(code)


def _end(code: int) -> None:
    """End the program; from here on Ctrl-C has nothing to interrupt."""
    import signal
    import sys

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if code == INTERRUPTED:
        sys.stderr.write("interrupted\n")
    sys.exit(code)
