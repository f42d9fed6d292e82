"""The base of every answer: a frozen dataclass with a JSON form, and a table for Arrow, pandas, Polars, notebooks."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from types import ModuleType, NoneType, UnionType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from markupsafe import Markup

from cinefile.errors import MissingExtraError

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")
_SHOWN = 20
_HIDDEN_IN_HTML = ("film_id", "person_id")


class Tabular:
    """Base of answers. One that begins with a list is the table of that list; any other is a table of one row."""

    def to_arrow(self) -> "pa.Table":
        """A pyarrow table, with the types of the fields also where it has no rows; lists stay lists."""
        import pyarrow as pa

        return pa.Table.from_pylist(self._records(), schema=_schema(_row_type(type(self))))

    def to_pandas(self) -> Any:
        """A pandas DataFrame.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        _imported("pandas")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """A Polars DataFrame.

        Raises:
            MissingExtraError: Polars is not installed.
        """
        return _imported("polars").from_arrow(self.to_arrow())

    def _records(self) -> list[dict[str, Any]]:
        document: dict[str, Any] = self.document()  # type: ignore[attr-defined]
        return list(next(iter(document.values()))) if _row_type(type(self)) is not type(self) else [document]

    def _repr_html_(self) -> str:
        """The first rows, as notebooks show them."""
        records = self._records()
        names = [name for name in self.to_arrow().column_names if name not in _HIDDEN_IN_HTML]
        names = [name for name in names if any(r.get(name) not in (None, []) for r in records)]
        head = Markup("").join(Markup("<th>{}</th>").format(name.replace("_", " ")) for name in names)
        body = Markup("").join(
            Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(_text(r.get(n))) for n in names))
            for r in records[:_SHOWN]
        )
        total = getattr(self, "total", len(records))
        shown = f"{min(len(records), _SHOWN):,} of {total:,}"
        table = Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, body)
        return str(table + (Markup("<p>{}</p>").format(shown) if total > min(len(records), _SHOWN) else ""))


class Several(Generic[T]):
    """Mixin of answers that begin with a list: `for film in lib.similar(…)`, `len(…)` and `[0]` mean that list."""

    def __iter__(self) -> Iterator[T]:
        return iter(self._items())

    def __len__(self) -> int:
        return len(self._items())

    def __getitem__(self, place: int) -> T:
        return self._items()[place]

    def _items(self) -> tuple[T, ...]:
        answer: Any = self
        items: tuple[T, ...] = getattr(answer, dataclasses.fields(answer)[0].name)
        return items


def json_name(name: str) -> str:
    """Name of a field in JSON."""
    return name.rstrip("_")


@dataclass(frozen=True)
class Answer(Tabular):
    """Base of all answers."""

    # Read by pydantic, which the HTTP interface uses; nothing is imported for it here.
    __pydantic_config__: ClassVar[dict[str, Any]] = {"alias_generator": json_name, "populate_by_name": True}

    def document(self) -> dict[str, Any]:
        """The answer as plain dicts and lists for JSON; dates stay dates."""
        return {json_name(f.name): _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}


def _plain(value: object) -> object:
    if isinstance(value, Answer):
        return value.document()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def _row_type(answer: type) -> type:
    """The class of the rows: that of the list an answer begins with, else the answer's own."""
    first = next(iter(get_type_hints(answer).get(f.name) for f in dataclasses.fields(answer)))
    inner = get_args(first)
    if get_origin(first) is tuple and isinstance(inner[0], type) and dataclasses.is_dataclass(inner[0]):
        return inner[0]
    return answer


def _schema(row: type) -> "pa.Schema":
    import pyarrow as pa

    hints = get_type_hints(row)
    return pa.schema([(f.name.rstrip("_"), _arrow(hints[f.name])) for f in dataclasses.fields(row)])


def _arrow(hint: Any) -> "pa.DataType":
    """The Arrow type of a field's annotation."""
    import pyarrow as pa

    plain: Mapping[Any, pa.DataType] = {
        int: pa.int64(), float: pa.float64(), str: pa.string(), bool: pa.bool_(), date: pa.date32(),
    }  # fmt: skip
    if hint in plain:
        return plain[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _arrow(next(t for t in inner if t is not NoneType))
    if origin is Literal:
        return plain[type(inner[0])]
    if origin is tuple:
        return pa.list_(_arrow(inner[0]))
    return pa.struct(list(_schema(hint)))


def _text(value: object) -> str:
    """A value in a cell of HTML, not yet escaped."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, Mapping):
        return str(value.get("title") or value.get("name") or value.get("genre") or ", ".join(map(str, value.values())))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_text(v) for v in value)
    return str(value)


def _imported(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError:
        raise MissingExtraError("frames", f"A {name} table") from None
