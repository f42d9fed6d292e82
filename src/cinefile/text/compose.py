"""One text out of title, year and plot, the same in training and in serving."""


def heading(title: str | None, year: int | None) -> str:
    """What stands before the plot: "Heat (1995). ", shorter where a part is not known, empty where both are not."""
    name = (title or "").strip()
    if not name:
        return f"({year}). " if year else ""
    return f"{name} ({year}). " if year else f"{name}. "


def compose(plot: str, title: str | None = None, year: int | None = None) -> str:
    """Heading and plot as one text."""
    return heading(title, year) + plot.strip()
