"""One file per concurrency model, each the definition of that model."""
