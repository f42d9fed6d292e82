"""What ships: film facts and trained models, with their cards."""
