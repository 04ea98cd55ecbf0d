"""The vocabulary: offers, publisher, events, findings, states. It imports nothing of the rest."""
