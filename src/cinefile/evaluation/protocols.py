"""Every protocol by name: a function of (data folder, say, model names or None) that returns a Result."""

PROTOCOLS = {
    "miad-grid": "cinefile.evaluation.genres_miad:miad_grid",
    "imdb27": "cinefile.evaluation.genres_imdb27:imdb27",
    "ml1m-random": "cinefile.evaluation.taste_registered:ml1m_random",
    "ml1m-users": "cinefile.evaluation.taste_registered:ml1m_users",
    "ml-time": "cinefile.evaluation.taste_registered:ml_time",
    "ml-small-time": "cinefile.evaluation.taste_registered:ml_small_time",
    "cold-films": "cinefile.evaluation.taste_registered:cold_films",
    "intervals": "cinefile.evaluation.taste_registered:intervals",
    "similar-taste": "cinefile.evaluation.similar_registered:similar_taste",
    "similar-collections": "cinefile.evaluation.similar_registered:similar_collections",
    "similar-search": "cinefile.evaluation.similar_registered:similar_search",
    "search-weights": "cinefile.evaluation.search_weights:search_weights",
    "similar-weights": "cinefile.evaluation.similar_weights:similar_weights",
    "movielens-top": "cinefile.evaluation.taste_registered:movielens_top",
}
