"""What mkdocs is given beside the pages: notebooks as pages, and references made from the code itself."""

import inspect
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

# What people import from. Whatever these export is the public surface, and is all in the reference.
MODULES = (
    *("cinefile", "cinefile.genres", "cinefile.genres.models.own_labels", "cinefile.taste", "cinefile.exports"),
    *("cinefile.similar", "cinefile.catalogue.ingest", "cinefile.catalogue.catalogue_file", "cinefile.sources"),
    *("cinefile.reports.data_report", "cinefile.reports.model_report", "cinefile.modelfiles", "cinefile.text.encoder"),
    *("cinefile.errors",),
)


class NotebookFile(File):
    """A notebook as a page. It keeps its name, so that links to it also work in the repository."""

    def is_documentation_page(self) -> bool:
        """Whether it becomes a page of HTML."""
        return True


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Make pages of the notebooks and add the generated ones."""
    for file in [f for f in files if f.src_uri.endswith(".ipynb")]:
        files.remove(file)
        files.append(NotebookFile.generated(config, file.src_uri, content=notebook(json.loads(file.content_string))))
    for name, made in (("commands", commands), ("openapi", openapi), ("python", python)):
        files.append(File.generated(config, f"reference/{name}.md", content=made()))
    return files


def notebook(document: dict[str, Any]) -> str:
    """A notebook's cells and outputs as Markdown."""
    parts = []
    for cell in document["cells"]:
        source = "".join(cell["source"])
        parts.append(source if cell["cell_type"] == "markdown" else f"```python\n{source}\n```")
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            words = "".join(data.get("text/plain", output.get("text", "")))
            if "text/html" in data:
                parts.append(f'<div class="output">{"".join(data["text/html"])}</div>')
            elif words:
                parts.append(f"```text\n{words.rstrip()}\n```")
    return "\n\n".join(parts) + "\n"


def commands() -> str:
    """Every command with its arguments and options, from the application."""
    from typer.main import get_command

    from cinefile.cli.app import app

    parts = ["# Every command", "Made from the commands themselves; [the command line](../cli.md) has examples."]
    for name, command in _leaves(get_command(app), "cinefile"):
        rows = []
        for parameter in command.params:
            is_option = parameter.param_type_name == "option"
            names = [*parameter.opts, *parameter.secondary_opts] if is_option else [parameter.name.upper()]
            default = parameter.default
            known = is_option and isinstance(default, str | int | float) and not isinstance(default, bool)
            words = _cell(parameter.help or "") + (f" Default: `{default}`." if known else "")
            rows.append(f"| {', '.join(f'`{n}`' for n in names)} | {words} |")
        parts += [f"## {name}", _text(command.help or ""), "\n".join(["| | |", "|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def _leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield name, command
        return
    for part, inner in command.commands.items():
        yield from _leaves(inner, f"{name} {part}")


def openapi() -> str:
    """Every route with its parameters and answers, from the OpenAPI description."""
    import cinefile
    from cinefile import starter
    from cinefile.web import create_app

    with cinefile.open(str(Path(starter.__file__).with_name("starter.duckdb"))) as library:
        document = create_app(library).openapi()
    parts = ["# Every route", "Made from `/openapi.json`; [the HTTP interface](../api.md) explains and has examples."]
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            parts += [f"## {method.upper()} {path}", _text(route.get("description") or route["summary"])]
            rows = [
                f"| `{p['name']}` | {p['in']} | {_type(p['schema'])} | {_cell(p.get('description', ''))} |"
                for p in route.get("parameters", ())
            ]
            if rows:
                parts.append("\n".join(["| parameter | in | type | |", "|---|---|---|---|", *rows]))
            if body := route.get("requestBody"):
                parts.append(f"Body: {_type(next(iter(body['content'].values()))['schema'])}.")
            answer = next(iter(route["responses"]["200"]["content"].values())).get("schema", {})
            parts.append(f"Answer: {_type(answer)}.")
    parts.append("## Bodies and answers")
    for name, schema in document["components"]["schemas"].items():
        rows = [
            f"| `{field}` | {_type(of)} | {_cell(of.get('description', ''))} |"
            for field, of in schema.get("properties", {}).items()
        ]
        parts += [
            f"### {name}",
            _text(schema.get("description", "")),
            "\n".join(["| field | type | |", "|---|---|---|", *rows]),
        ]
    return "\n\n".join(parts) + "\n"


def _type(schema: dict[str, Any]) -> str:
    """A JSON schema in a few words; what has a name of its own is a link."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(_type(s) for s in schema[several])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if "enum" in schema:
        return ", ".join(f"`{v}`" for v in schema["enum"])
    return str(schema.get("type", "anything"))


def python() -> str:
    """What each public module exports, from the docstrings."""
    parts = ["# Python", "Made from the docstrings."]
    for module in MODULES:
        # The first paragraph: what follows is often code, which is no Markdown.
        parts += [f"## {module}", _text(import_module(module).__doc__ or "").partition("\n\n")[0]]
        for name, where in exported(module):
            options = f"    options:\n      heading: {name}\n      toc_label: {name}\n      heading_level: 3"
            parts.append(f"::: {where}\n{options}")
    return "\n\n".join(parts) + "\n"


def exported(module: str) -> Iterator[tuple[str, str]]:
    """(name, path of the definition) of the classes and functions that a module exports."""
    loaded = import_module(module)
    own = [n for n, v in vars(loaded).items() if getattr(v, "__module__", "") == module and not n.startswith("_")]
    for name in getattr(loaded, "__all__", own):
        thing = getattr(loaded, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            yield name, f"{thing.__module__}.{thing.__qualname__}"


def _text(words: str) -> str:
    return inspect.cleandoc(words).replace("\f", "").replace("<", "&lt;")


def _cell(words: str) -> str:
    return " ".join(_text(words).split()).replace("|", "\\|")
