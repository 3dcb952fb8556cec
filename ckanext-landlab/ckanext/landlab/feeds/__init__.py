"""What harvesters see: entries, pages, syntaxes and deltas."""
