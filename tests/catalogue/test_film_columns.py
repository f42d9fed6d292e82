import threading

from tests.small_catalogue import write_small_catalogue

from cinefile.catalogue.catalogue_file import Catalogue
from cinefile.catalogue.film_columns import FilmColumns


def test_what_takes_long_to_make_keeps_nobody_waiting_for_something_else(tmp_path):
    with Catalogue(write_small_catalogue(tmp_path / "small.duckdb")) as catalogue:
        facts = FilmColumns(catalogue)
        begun, finish = threading.Event(), threading.Event()

        def slow():
            begun.set()
            assert finish.wait(10)
            return "slow"

        thread = threading.Thread(target=lambda: facts.kept("slow", slow))
        thread.start()
        assert begun.wait(10)
        assert facts.kept("quick", lambda: "quick") == "quick"  # would wait for ever behind one lock for all
        finish.set()
        thread.join()
        assert facts.kept("slow", lambda: "made twice") == "slow"
