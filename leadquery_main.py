"""Start the command `leadquery`.

It is outside the package, so that Ctrl-C shows no traceback while the package is imported.
"""

from __future__ import annotations

import gc
import signal


def main() -> None:
    """Run the command. Before it starts and after it has ended, Ctrl-C just ends the process."""
    interruptible = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if interruptible:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from leadquery.cli import main as command

    if interruptible:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        command(prog_name="leadquery")
    finally:
        # The process ends, so nothing in it has to be collected.
        gc.freeze()
        if interruptible:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
