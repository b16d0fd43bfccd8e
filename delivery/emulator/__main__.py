"""`python -m delivery.emulator`: serve the embedded AWS until it is stopped."""

from __future__ import annotations

import argparse
import re

from delivery.emulator.client import MANAGEMENT_ACCOUNT


def account_id(text: str) -> str:
    """An AWS account id: twelve digits."""
    if not re.fullmatch(r"[0-9]{12}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an account id of twelve digits")
    return text


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m delivery.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=5000, help="port on 127.0.0.1; 0 takes a free one (default 5000)")
    parser.add_argument(
        "--management-account",
        type=account_id,
        default=MANAGEMENT_ACCOUNT,
        help=f"the account that the test credentials belong to (default {MANAGEMENT_ACCOUNT})",
    )
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input ends")
    arguments = parser.parse_args()

    from delivery.emulator.server import serve  # moto takes a second to load; --help and a wrong option need not wait

    serve(arguments.port, arguments.management_account, stop_with_stdin=arguments.stop_with_stdin)


if __name__ == "__main__":
    main()
