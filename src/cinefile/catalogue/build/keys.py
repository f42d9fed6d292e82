"""Title keys for whole columns: what `cinefile.titles.title_key` gives, computed once per distinct string.

Nine strings in ten are plain ASCII without a comma; for these one SQL expression gives the same key (a test holds the
two together), and the Python function sees only the rest.
"""

import duckdb
import pyarrow as pa

from cinefile.titles import title_key

# Printable ASCII without the comma: no case folding, decomposition or trailing article to think of.
_PLAIN = r"^[ -+\--~]*$"
# Letters, digits and single spaces, no article in front: the commonest case, and the cheapest.
_SIMPLE = r"^[A-Za-z0-9][A-Za-z0-9 ]*$"
_ARTICLE = r"^(?:[Tt][Hh][Ee]|[Aa]|[Aa][Nn]) "
_SQL_KEY = r"""
    coalesce(nullif(regexp_replace(replace(regexp_replace(lower(trim(text)), '^(?:the|a|an) +', ''), '&', 'and'),
                                   '[^a-z0-9]', '', 'g'), ''),
             trim(text))
"""


def make_keys(connection: duckdb.DuckDBPyConnection, texts: str, table: str) -> None:
    """Create the table `table` (text, key) over the distinct strings of a query.

    Args:
        connection: where to.
        texts: an SQL query with one VARCHAR column named `text`.
        table: name of the new table.
    """
    connection.execute(f"""
        CREATE OR REPLACE TABLE {table} AS
        SELECT text, CASE WHEN regexp_matches(text, '{_SIMPLE}') AND NOT regexp_matches(text, '{_ARTICLE}')
            THEN replace(lower(text), ' ', '')
            WHEN regexp_matches(text, '{_PLAIN}') THEN {_SQL_KEY} END AS key
        FROM (SELECT DISTINCT text FROM ({texts}) WHERE text IS NOT NULL)
    """)
    rest = [text for (text,) in connection.execute(f"SELECT text FROM {table} WHERE key IS NULL").fetchall()]
    if not rest:
        return
    keyed = pa.table({"text": rest, "key": [title_key(text) for text in rest]})
    connection.register("keyed", keyed)
    connection.execute(f"DELETE FROM {table} WHERE key IS NULL; INSERT INTO {table} SELECT text, key FROM keyed")
    connection.unregister("keyed")
