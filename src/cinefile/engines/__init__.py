"""Engines that spread the same training and scoring over many machines; what is learned does not depend on them."""
