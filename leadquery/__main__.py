"""The command `leadquery`, also as `python -m leadquery`."""

from __future__ import annotations

import signal


def main() -> None:
    """Run the command. While it is loaded and when it has ended, Ctrl-C only ends the process."""
    interruptible = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if interruptible:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from leadquery.cli import main as command

    if interruptible:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        command(prog_name="leadquery")
    finally:
        if interruptible:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main()
