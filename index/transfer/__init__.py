"""Copies an index from one store to another, without embedding or extracting anything again."""
