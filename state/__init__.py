"""What is true of the offers: models, rules, lifecycle, files and the engine over them."""
