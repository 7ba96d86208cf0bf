"""The entry point of the command. It imports nothing itself, so that an interrupt is handled from the start."""


def main() -> None:
    """Run the command with the arguments of the process."""
    try:
        from premigrate.command.interrupts import exit_on_interrupt

        exit_on_interrupt()
        from premigrate.cli.entry import run
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    run()
