"""Protocols, splits and metrics, and every protocol by name.

A protocol is a function of (data folder, say, model names or None) that returns a `Result`.
"""

PROTOCOLS = {
    "miad-grid": "cinefile.evaluation.genre_protocols:miad_grid",
    "imdb27": "cinefile.evaluation.genre_protocols:imdb27",
    "ml1m-random": "cinefile.evaluation.taste_protocols:ml1m_random",
    "ml1m-users": "cinefile.evaluation.taste_protocols:ml1m_users",
    "ml-time": "cinefile.evaluation.taste_protocols:ml_time",
    "ml-small-time": "cinefile.evaluation.taste_protocols:ml_small_time",
    "cold-films": "cinefile.evaluation.taste_protocols:cold_films",
    "intervals": "cinefile.evaluation.taste_protocols:intervals",
    "similar-taste": "cinefile.evaluation.similar_protocols:similar_taste",
    "similar-collections": "cinefile.evaluation.similar_protocols:similar_collections",
    "similar-search": "cinefile.evaluation.search_protocols:similar_search",
    "search-weights": "cinefile.evaluation.search_protocols:search_weights",
    "similar-weights": "cinefile.evaluation.search_protocols:similar_weights",
    "movielens-top": "cinefile.evaluation.taste_protocols:movielens_top",
}
