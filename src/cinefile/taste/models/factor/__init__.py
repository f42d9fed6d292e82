"""The factor model, the default: Bayesian matrix factorisation with learned priors and noise (docs/taste.md)."""
