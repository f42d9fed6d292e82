"""What it takes to train the shipped taggers: the multi-source corpus, its leak check, and the training recipe."""
