import pytest
from tests.similar._films import WordEncoder, make_likes, make_table


@pytest.fixture(scope="session")
def table():
    return make_table()


@pytest.fixture(scope="session")
def likes(table):
    return make_likes(table)


@pytest.fixture(scope="session")
def vectors(table, likes):
    from cinefile.similar.vector_building import build_vectors

    return build_vectors(table, encoder=WordEncoder(), likes=likes).vectors
