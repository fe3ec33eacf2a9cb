"""Why a target does not start."""


class RefusalError(Exception):
    """One line for people, and the exit status: 2 for a wrong variable, 3 for a machine that cannot serve."""

    def __init__(self, reason: str, status: int) -> None:
        """Takes the line and the status."""
        super().__init__(reason)
        self.status = status
