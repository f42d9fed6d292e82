"""`cinefile evaluate`: run one protocol by name."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from cinefile.cli import output
from cinefile.errors import NotFoundError


def evaluate(
    protocol: Annotated[str, typer.Argument(help="Name of the protocol; a wrong one lists them all.")],
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.", envvar="CINEFILE_DATA")],
    models: Annotated[str | None, typer.Option(help="Comma-separated models [default: the protocol's].")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the result as JSON and picture.")] = None,
    merge: Annotated[bool, typer.Option("--merge", help="Keep the rows of the earlier result in --out.")] = False,
    json: output.Json = False,
) -> None:
    """Run a protocol on public data and print its table."""
    from cinefile.evaluation import PROTOCOLS

    if protocol not in PROTOCOLS:
        raise NotFoundError(f"There is no protocol {protocol!r}.", f"Choose one of: {', '.join(sorted(PROTOCOLS))}.")
    module, _, function = PROTOCOLS[protocol].partition(":")
    result = getattr(import_module(module), function)(data, output.say, models.split(",") if models else None)
    if out is not None:
        if merge:
            result = result.merged(out / f"{protocol}.json")
        for file in result.write(out):
            output.say(f"Wrote {file}")
    if json:
        output.emit_json(result.document())
        return
    output.say(result.description)
    output.table(result.columns, [[f"{v:.4f}" if isinstance(v, float) else v for v in row] for row in result.rows])
