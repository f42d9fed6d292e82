"""What the package exports is what it says, in whatever order its modules were imported before."""

import subprocess
import sys

import pytest

import cinefile.taste


@pytest.mark.parametrize("name", cinefile.taste.__all__)
def test_an_export_is_no_module(name: str) -> None:
    assert not hasattr(getattr(cinefile.taste, name), "__path__")
    assert type(getattr(cinefile.taste, name)).__name__ != "module"


def test_features_can_be_made_after_a_model_was_imported() -> None:
    code = "from cinefile.taste import FactorModel, film_features; FactorModel; film_features([1], [['Drama']], [1999])"
    subprocess.run([sys.executable, "-c", code], check=True)
