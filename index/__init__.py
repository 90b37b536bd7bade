"""Documents in, a searchable index out: load, chunk, embed, store, sync."""
