"""What every report says about itself."""

from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version


def made(command: str) -> dict[str, str]:
    """Version, time and command, for the page's foot and the JSON's head."""
    try:
        # The package itself imports the library, which stands above the reports.
        release = version("cinefile")
    except PackageNotFoundError:
        release = "(not installed)"
    return {"cinefile": release, "created": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), "command": command}
